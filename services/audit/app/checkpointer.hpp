#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "audit/adapters/chain_store.hpp"
#include "audit/adapters/witness_file.hpp"
#include "core/clock.hpp"
#include "crypto/ed25519.hpp"
#include "log/log.hpp"
#include "metrics/metrics.hpp"

namespace tilts::audit {

struct CheckpointPolicy {
  std::uint64_t records = 256;            // a chain that grew by so many is signed at once
  std::chrono::microseconds interval{0};  // any other within this
};

// Signs where the chains end: first into the witness file, then into the database. One instance at a time.
class Checkpointer {
 public:
  Checkpointer(ChainStore& store, WitnessFile& witness, crypto::SigningKey key, CheckpointPolicy policy,
               const core::CityClock& clock, const log::Logger& log, metrics::Registry& metrics);
  ~Checkpointer();

  void Start();
  // Signs what is not signed yet, then ends.
  void Stop();

  // Chains that grew by `at_least` records or more; returns how many were signed, 0 while another instance signs.
  core::Result<std::size_t> SignHeads(std::uint64_t at_least);

 private:
  void Run();
  void SignOrSay(std::uint64_t at_least);
  core::Result<std::size_t> SignIn(postgres::UnitOfWork& unit, std::uint64_t at_least);
  audit_chain::Checkpoint Sign(const ChainHead& head) const;

  ChainStore& store_;
  WitnessFile& witness_;
  const crypto::SigningKey key_;
  const CheckpointPolicy policy_;
  const core::CityClock& clock_;
  const log::Logger& log_;
  const metrics::Counter signed_;
  const metrics::Counter failed_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tilts::audit
