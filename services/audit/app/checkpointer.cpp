#include "audit/app/checkpointer.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace tilts::audit {
namespace {

constexpr std::chrono::milliseconds kLook{500};
constexpr std::uint64_t kAny = 1;

}  // namespace

Checkpointer::Checkpointer(ChainStore& store, WitnessFile& witness, crypto::SigningKey key, CheckpointPolicy policy,
                           const core::CityClock& clock, const log::Logger& log, metrics::Registry& metrics)
    : store_(store),
      witness_(witness),
      key_(std::move(key)),
      policy_(policy),
      clock_(clock),
      log_(log),
      signed_(metrics.AddCounter("tilts_audit_checkpoints_total", "Checkpoints signed.")),
      failed_(metrics.AddCounter("tilts_audit_checkpoint_failures_total", "Rounds that could not sign.")) {}

Checkpointer::~Checkpointer() {
  Stop();
}

void Checkpointer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Checkpointer::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Checkpointer::Run() {
  auto last_round = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, std::min<std::chrono::microseconds>(kLook, policy_.interval),
                            [this] { return stopping_; })) {
    lock.unlock();
    const auto now = std::chrono::steady_clock::now();
    const bool round = now - last_round >= policy_.interval;
    if (round) last_round = now;
    SignOrSay(round ? kAny : policy_.records);
    lock.lock();
  }
  lock.unlock();
  SignOrSay(kAny);
}

void Checkpointer::SignOrSay(std::uint64_t at_least) {
  const auto count = SignHeads(at_least);
  if (count) return signed_.Add(static_cast<double>(*count));
  failed_.Add();
  log_.Warning("checkpoints could not be signed",
               {{"code", core::ToString(count.error().code)}, {"reason", count.error().reason}});
}

core::Result<std::size_t> Checkpointer::SignHeads(std::uint64_t at_least) {
  return store_.database().Transact([&](postgres::UnitOfWork& unit) { return SignIn(unit, at_least); });
}

core::Result<std::size_t> Checkpointer::SignIn(postgres::UnitOfWork& unit, std::uint64_t at_least) {
  TILTS_ASSIGN(const bool mine, unit.TryLock("audit", "checkpoints"));
  if (!mine) return 0;
  TILTS_ASSIGN(const std::vector<ChainHead> heads, ChainStore::UnsignedHeads(unit));
  std::vector<audit_chain::Checkpoint> checkpoints;
  std::string lines;
  for (const ChainHead& head : heads) {
    if (head.sequence - head.checkpoint_sequence < at_least) continue;
    checkpoints.push_back(Sign(head));
    lines += audit_chain::WitnessLine(checkpoints.back());
  }
  if (checkpoints.empty()) return 0;
  // The witness first: a crash in between leaves a true statement too many, never one too few.
  TILTS_CHECK(witness_.Append(lines));
  for (const auto& checkpoint : checkpoints) TILTS_CHECK(ChainStore::SaveCheckpoint(unit, checkpoint));
  return checkpoints.size();
}

audit_chain::Checkpoint Checkpointer::Sign(const ChainHead& head) const {
  audit_chain::Checkpoint checkpoint{
      head.chain_id, head.sequence, head.hash, clock_.Now(), audit_chain::KeyIdOf(key_.public_key()), {}};
  checkpoint.signature = key_.Sign(audit_chain::SignedText(checkpoint));
  return checkpoint;
}

}  // namespace tilts::audit
