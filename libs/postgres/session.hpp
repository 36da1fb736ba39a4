#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/connection_pool.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::postgres {

// One transaction on one connection: what a UnitOfWork writes through.
class UnitOfWork::Session {
 public:
  explicit Session(Connection& connection) : connection_(connection) {}

  core::Result<Rows> Exec(std::string_view sql, const Params& params);
  core::Status Script(std::string_view sql);
  core::Status Attempt(const std::function<core::Status()>& work);
  core::Status Emit(const events::Draft& draft);
  Gathering& Gathered(const void* owner, const std::function<std::unique_ptr<Gathering>()>& make);
  core::Status WriteGathered();
  // What was gathered is written; the emitted records go to the outbox in one statement, just before the commit.
  core::Status Flush();

  bool emitted() const { return emitted_; }
  // The error that broke the transaction, if one did: it can only be rolled back.
  const std::optional<core::Error>& broken() const { return broken_; }

 private:
  core::Result<Rows> Remember(core::Result<Rows> outcome);

  Connection& connection_;
  std::optional<core::Error> broken_;
  std::vector<events::Draft> emissions_;
  std::map<const void*, std::unique_ptr<Gathering>> gathered_;
  bool emitted_ = false;
  int depth_ = 0;
};

}  // namespace tilts::postgres
