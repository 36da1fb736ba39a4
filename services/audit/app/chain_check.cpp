#include "audit/app/chain_check.hpp"

#include <algorithm>
#include <utility>

namespace tilts::audit {
namespace {

// With a round every ten seconds about nine million entries a day, at a cost that nobody notices.
constexpr std::uint32_t kEntriesPerRound = 1'000;

}  // namespace

ChainCheck::ChainCheck(ChainStore& store, std::string public_key, const log::Logger& log, metrics::Registry& metrics)
    : store_(store),
      public_key_(std::move(public_key)),
      log_(log),
      verified_(metrics.AddCounter("tilts_audit_verified_entries_total", "Entries whose hash was computed again.")),
      broken_gauge_(metrics.AddGauge("tilts_audit_broken_chains", "Chains whose entries are not what was chained.")) {}

core::Status ChainCheck::Round() {
  if (!pass_ && waiting_.empty()) {
    TILTS_ASSIGN(waiting_, store_.Heads());
  }
  std::uint32_t left = kEntriesPerRound;
  while (left > 0 && (pass_ || !waiting_.empty())) {
    if (!pass_) TILTS_CHECK(Begin());
    TILTS_ASSIGN(const std::size_t read, Read(*pass_, left));
    left -= std::min(left, static_cast<std::uint32_t>(read));
    if (read == 0 || pass_->read >= pass_->head.sequence) End(*pass_);
  }
  broken_gauge_.Set(static_cast<double>(broken().size()));
  return {};
}

std::set<std::string> ChainCheck::broken() const {
  const std::lock_guard lock(mutex_);
  return broken_;
}

core::Status ChainCheck::Begin() {
  ChainHead head = std::move(waiting_.back());
  waiting_.pop_back();
  TILTS_ASSIGN(auto checkpoints, store_.Checkpoints(head.chain_id));
  const std::string key = audit_chain::KeyIdOf(public_key_);
  std::erase_if(checkpoints, [&](const audit_chain::Checkpoint& checkpoint) {
    return checkpoint.key_id != key || checkpoint.sequence > head.sequence;
  });
  audit_chain::ChainVerifier verifier(head.chain_id, checkpoints, {public_key_});
  pass_.emplace(Pass{std::move(head), std::move(verifier)});
  return {};
}

// How many entries were read; those behind the head of this pass are the next one's.
core::Result<std::size_t> ChainCheck::Read(Pass& pass, std::uint32_t limit) {
  TILTS_ASSIGN(const auto entries, store_.EntriesAfter(pass.head.chain_id, pass.read, limit));
  for (const audit_chain::Entry& entry : entries) {
    if (entry.sequence > pass.head.sequence) break;
    pass.read = entry.sequence;
    verified_.Add();
    if (pass.verifier.Add(entry)) continue;
    pass.read = pass.head.sequence;  // the fault is known
    break;
  }
  return entries.size();
}

void ChainCheck::End(Pass& pass) {
  const auto finding = pass.verifier.Finish(pass.head.sequence);
  const std::lock_guard lock(mutex_);
  if (!finding) {
    broken_.erase(pass.head.chain_id);
  } else if (broken_.insert(pass.head.chain_id).second) {
    log_.Error("an audit chain is broken", {{"finding", audit_chain::Describe(*finding)}});
  }
  pass_.reset();
}

}  // namespace tilts::audit
