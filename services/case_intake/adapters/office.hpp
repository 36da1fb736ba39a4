#pragma once

#include <algorithm>
#include <chrono>
#include <string>

#include "case_intake/adapters/probe.hpp"
#include "case_intake/adapters/rules_book.hpp"
#include "case_intake/adapters/sealer.hpp"
#include "case_intake/adapters/vault.hpp"
#include "case_intake/app/publish.hpp"
#include "log/log.hpp"
#include "postgres/database.hpp"
#include "postgres/idempotency.hpp"
#include "rpc/call.hpp"

namespace tilts::case_intake {

// What every handler of this service works with. All parts outlive it.
struct Office {
  postgres::Database& database;
  postgres::Idempotency idempotency;
  std::string fingerprint_secret;  // of reports with a source event id
  const Sealer& sealer;
  Vault& vault;
  const RulesBook& rules;
  const log::Logger& log;
  std::string city_municipality;
  std::chrono::milliseconds vault_timeout{2'000};
  Probe probe;

  Occasion OccasionOf(const rpc::CallContext& call) const {
    return {call.call_id, call.traceparent, call.now, city_municipality};
  }
  // Never longer than the caller waits.
  VaultCall VaultCallOf(const rpc::CallContext& call) const {
    return {call.call_id, call.traceparent, std::min(call.deadline, std::chrono::steady_clock::now() + vault_timeout)};
  }
};

}  // namespace tilts::case_intake
