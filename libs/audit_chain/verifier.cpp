#include "audit_chain/verifier.hpp"

#include <algorithm>
#include <utility>

#include "core/concat.hpp"

namespace tilts::audit_chain {
namespace {

// How far behind the first fault its counterpart is looked for.
constexpr std::size_t kWindow = 2'000;

}  // namespace

std::string_view ToString(Finding::Kind kind) {
  switch (kind) {
    case Finding::Kind::kChanged: return "CHANGED";
    case Finding::Kind::kDropped: return "DROPPED";
    case Finding::Kind::kSwapped: return "SWAPPED";
    case Finding::Kind::kTruncated: return "TRUNCATED";
    case Finding::Kind::kRewritten: return "REWRITTEN";
    case Finding::Kind::kForgedCheckpoint: return "FORGED_CHECKPOINT";
  }
  return "CHANGED";
}

std::string Describe(const Finding& finding) {
  const std::string chain = core::Concat("chain ", finding.chain_id, ": ");
  const std::uint64_t from = finding.sequence;
  const std::uint64_t to = finding.last_sequence;
  const std::string range = from == to ? core::Concat("record ", from) : core::Concat("records ", from, " to ", to);
  switch (finding.kind) {
    case Finding::Kind::kChanged: return core::Concat(chain, "record ", from, " was changed");
    case Finding::Kind::kDropped: return core::Concat(chain, range, from == to ? " was dropped" : " were dropped");
    case Finding::Kind::kSwapped: return core::Concat(chain, "records ", from, " and ", to, " were swapped");
    case Finding::Kind::kTruncated:
      return core::Concat(chain, "cut off: ", range, from == to ? " is gone" : " are gone from the end");
    case Finding::Kind::kRewritten:
      return core::Concat(chain, "rewritten: what was signed at record ", to, " is not what follows record ", from - 1);
    case Finding::Kind::kForgedCheckpoint:
      return core::Concat(chain, "the checkpoint at record ", from, " was not signed by the audit key");
  }
  return chain;
}

ChainVerifier::ChainVerifier(std::string chain_id, const std::vector<Checkpoint>& checkpoints,
                             const std::vector<std::string>& public_keys)
    : chain_id_(std::move(chain_id)) {
  for (const Checkpoint& checkpoint : checkpoints) {
    if (checkpoint.chain_id != chain_id_) continue;
    const bool is_signed = std::any_of(public_keys.begin(), public_keys.end(),
                                       [&](const std::string& key) { return IsSignedBy(checkpoint, key); });
    if (is_signed) {
      checkpoints_.push_back(checkpoint);
    } else if (!finding_) {
      finding_ = Make(Finding::Kind::kForgedCheckpoint, checkpoint.sequence, checkpoint.sequence);
    }
  }
  std::stable_sort(checkpoints_.begin(), checkpoints_.end(),
                   [](const Checkpoint& a, const Checkpoint& b) { return a.sequence < b.sequence; });
  // The witness and the store tell the same.
  checkpoints_.erase(std::unique(checkpoints_.begin(), checkpoints_.end()), checkpoints_.end());
}

bool ChainVerifier::Follows(const Entry& entry) const {
  return entry.chain_id == chain_id_ && entry.sequence == last_ + 1 && entry.previous_hash == last_hash_ &&
         entry.hash == EntryHash(last_hash_, entry.sequence, entry.record);
}

bool ChainVerifier::Add(const Entry& entry) {
  if (finding_) return false;
  if (!window_.empty() || !Follows(entry)) {
    window_.push_back(entry);
    if (window_.size() >= kWindow) finding_ = Explain();
    return !finding_;
  }
  last_ = entry.sequence;
  last_hash_ = entry.hash;
  finding_ = CheckAgainstCheckpoint(entry);
  return !finding_;
}

std::optional<Finding> ChainVerifier::CheckAgainstCheckpoint(const Entry& entry) {
  for (; next_checkpoint_ < checkpoints_.size(); ++next_checkpoint_) {
    const Checkpoint& checkpoint = checkpoints_[next_checkpoint_];
    if (checkpoint.sequence > entry.sequence) break;
    if (checkpoint.hash != entry.hash) return Make(Finding::Kind::kRewritten, last_signed_ + 1, entry.sequence);
    last_signed_ = entry.sequence;
  }
  return std::nullopt;
}

std::optional<Finding> ChainVerifier::Finish(std::uint64_t head_sequence) {
  if (!finding_ && !window_.empty()) finding_ = Explain();
  if (finding_) return finding_;
  const std::uint64_t last_known =
      std::max(head_sequence, checkpoints_.empty() ? std::uint64_t{0} : checkpoints_.back().sequence);
  if (last_known > last_) return Make(Finding::Kind::kTruncated, last_ + 1, last_known);
  return std::nullopt;
}

// The first entry of the window should have followed `last_` and does not.
Finding ChainVerifier::Explain() const {
  const Entry& first = window_.front();
  const std::uint64_t expected = last_ + 1;
  if (auto swap = ExplainSwap(first)) return *swap;
  if (first.sequence > expected) return Make(Finding::Kind::kDropped, expected, first.sequence - 1);
  if (auto renumbering = ExplainRenumbering(first)) return *renumbering;
  return Make(Finding::Kind::kChanged, expected, expected);
}

// A later record that would have followed here, by the hash that stands here or by its own.
std::optional<Finding> ChainVerifier::ExplainSwap(const Entry& first) const {
  const std::uint64_t expected = last_ + 1;
  if (first.sequence != expected) return std::nullopt;
  for (const Entry& later : window_) {
    if (later.sequence <= expected) continue;
    const std::string hash = EntryHash(last_hash_, expected, later.record);
    if (hash == later.hash || hash == first.hash) return Make(Finding::Kind::kSwapped, expected, later.sequence);
  }
  return std::nullopt;
}

// The entry was chained at a later place: those before it are gone and the rest was renumbered.
std::optional<Finding> ChainVerifier::ExplainRenumbering(const Entry& first) const {
  for (std::uint64_t place = last_ + 2; place <= last_ + kWindow; ++place) {
    if (EntryHash(first.previous_hash, place, first.record) == first.hash) {
      return Make(Finding::Kind::kDropped, last_ + 1, place - 1);
    }
  }
  return std::nullopt;
}

Finding ChainVerifier::Make(Finding::Kind kind, std::uint64_t sequence, std::uint64_t last_sequence) const {
  return {kind, chain_id_, sequence, last_sequence};
}

}  // namespace tilts::audit_chain
