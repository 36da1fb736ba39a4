#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "audit/adapters/chain_store.hpp"
#include "audit_chain/verifier.hpp"
#include "log/log.hpp"
#include "metrics/metrics.hpp"

namespace tilts::audit {

// Reads the chains again and again, a bounded number of entries a round, and says which are broken. It trusts the
// database for where a chain ends: what was cut off together with its head only `tiltsctl audit verify` finds, with
// the witness file.
class ChainCheck {
 public:
  // `public_key`: of the key in use; checkpoints of older keys are left to `tiltsctl audit verify`.
  ChainCheck(ChainStore& store, std::string public_key, const log::Logger& log, metrics::Registry& metrics);

  // From one thread.
  core::Status Round();
  // From any thread.
  std::set<std::string> broken() const;

 private:
  // One chain on its way from its beginning to where it ended when the pass began.
  struct Pass {
    ChainHead head;
    audit_chain::ChainVerifier verifier;
    std::uint64_t read = 0;
  };
  core::Status Begin();
  core::Result<std::size_t> Read(Pass& pass, std::uint32_t limit);
  void End(Pass& pass);

  ChainStore& store_;
  const std::string public_key_;
  const log::Logger& log_;
  const metrics::Counter verified_;
  const metrics::Gauge broken_gauge_;
  std::vector<ChainHead> waiting_;
  std::optional<Pass> pass_;
  mutable std::mutex mutex_;  // guards broken_
  std::set<std::string> broken_;
};

}  // namespace tilts::audit
