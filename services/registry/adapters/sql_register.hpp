#pragma once

#include "postgres/database.hpp"
#include "postgres/idempotency.hpp"
#include "registry/app/register_store.hpp"

namespace tilts::registry {

class SqlRegister : public RegisterStore {
 public:
  // Both must outlive it.
  SqlRegister(postgres::Database& database, const postgres::Idempotency& idempotency)
      : database_(database), idempotency_(idempotency) {}

  core::Status Transact(const std::function<core::Status(RegisterSession&)>& work) override;

 private:
  postgres::Database& database_;
  const postgres::Idempotency& idempotency_;
};

}  // namespace tilts::registry
