#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "audit_chain/checkpoint.hpp"
#include "audit_chain/entry.hpp"

namespace tilts::audit_chain {

// The first thing that is wrong with a chain.
struct Finding {
  enum class Kind {
    kChanged,           // the record or its hash is not what was chained
    kDropped,           // records `sequence` to `last_sequence` are gone
    kSwapped,           // records `sequence` and `last_sequence` stand in each other's place
    kTruncated,         // the chain ended at `last_sequence` once; from `sequence` on it is gone
    kRewritten,         // a consistent chain, but another one than was signed: between two checkpoints
    kForgedCheckpoint,  // a checkpoint that the key did not sign
  };
  Kind kind = Kind::kChanged;
  std::string chain_id;
  std::uint64_t sequence = 0;
  std::uint64_t last_sequence = 0;

  bool operator==(const Finding&) const = default;
};

std::string_view ToString(Finding::Kind kind);
// "chain x.y: record 7 was changed"
std::string Describe(const Finding& finding);

// Checks one chain entry by entry, in order of sequence as the store gives them. Pure: no I/O, nothing kept but a
// window of entries after the first fault, which tells a swap or a renumbering from a change.
class ChainVerifier {
 public:
  // Every checkpoint known of this chain, from the witness and from the store; each must be signed by one of
  // `public_keys`.
  ChainVerifier(std::string chain_id, const std::vector<Checkpoint>& checkpoints,
                const std::vector<std::string>& public_keys);

  // False once the fault is known: nothing more needs to be read.
  bool Add(const Entry& entry);
  // After the last entry. `head_sequence`: where the store itself says the chain ends; 0: not known.
  std::optional<Finding> Finish(std::uint64_t head_sequence = 0);

  std::uint64_t verified() const { return last_; }
  std::uint64_t checkpoints() const { return checkpoints_.size(); }

 private:
  bool Follows(const Entry& entry) const;
  std::optional<Finding> CheckAgainstCheckpoint(const Entry& entry);
  Finding Explain() const;
  std::optional<Finding> ExplainSwap(const Entry& first) const;
  std::optional<Finding> ExplainRenumbering(const Entry& first) const;
  Finding Make(Finding::Kind kind, std::uint64_t sequence, std::uint64_t last_sequence) const;

  const std::string chain_id_;
  std::vector<Checkpoint> checkpoints_;  // by sequence
  std::size_t next_checkpoint_ = 0;
  std::uint64_t last_ = 0;
  std::string last_hash_ = FirstPreviousHash();
  std::uint64_t last_signed_ = 0;
  std::deque<Entry> window_;  // from the first entry that does not follow
  std::optional<Finding> finding_;
};

}  // namespace tilts::audit_chain
