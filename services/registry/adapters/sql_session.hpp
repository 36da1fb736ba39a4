#pragma once

#include <optional>
#include <string>

#include "postgres/idempotency.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::registry {

// What both stores' sessions do alike, over libs/postgres. `Port` is RegisterSession or VaultSession.
template <typename Port>
class SqlSession : public Port {
 public:
  SqlSession(postgres::UnitOfWork& unit, const postgres::Idempotency& idempotency)
      : unit_(unit), idempotency_(idempotency) {}

  core::Result<std::optional<std::string>> BeginOnce(const std::string& owner, const std::string& request_id,
                                                     const google::protobuf::Message& request) override {
    return idempotency_.Begin(unit_, owner, request_id, request);
  }

  core::Status CompleteOnce(const std::string& owner, const std::string& request_id,
                            const google::protobuf::Message& request, std::string_view answer,
                            core::CityTime now) override {
    return idempotency_.Complete(unit_, owner, request_id, request, answer, now);
  }

  core::Status Emit(const events::Draft& draft) override { return unit_.Emit(draft); }

 protected:
  postgres::UnitOfWork& unit() { return unit_; }

  // For statements whose rows do not matter.
  core::Status Run(std::string_view sql, const postgres::Params& params = {}) {
    TILTS_CHECK(unit_.Exec(sql, params));
    return {};
  }

 private:
  postgres::UnitOfWork& unit_;
  const postgres::Idempotency& idempotency_;
};

}  // namespace tilts::registry
