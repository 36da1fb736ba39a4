#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "events/record.hpp"
#include "redis/redis.hpp"

namespace tilts::risk_scoring {

// Value of `{group:topic:partition}:offset`: the next offset to read and the namespace that holds the state as of it.
// One compare-and-set guards both.
struct StoredPosition {
  std::int64_t next_offset = 0;
  std::string space;

  bool operator==(const StoredPosition&) const = default;
};

// What to write with a position. Names to packed bytes; what is taken out has no bytes.
struct Changes {
  using Fields = std::vector<std::pair<std::string, std::optional<std::string>>>;

  std::optional<std::string> control;
  Fields pupils;
  Fields proposals;
  Fields letters;
};

// One namespace of a partition, all as of one moment.
struct Snapshot {
  std::optional<StoredPosition> position;  // nothing stored: the rest is empty
  std::string control;                     // empty: as before the first record
  std::vector<std::pair<std::string, std::string>> pupils;
  std::vector<std::pair<std::string, std::string>> proposals;
};

// The state of risk_scoring in Redis. All keys of a partition carry one hash tag, `{group:topic:partition}`; below it
// `offset`, and `<namespace>:pupils|control|proposals|letters`. Thread-safe. Errors as redis::Redis gives them.
class PartitionStore {
 public:
  // `first_space`: the namespace of a store that holds nothing yet. `redis` must outlive the store.
  PartitionStore(redis::Redis& redis, std::string group, std::string first_space)
      : redis_(redis), group_(std::move(group)), first_space_(std::move(first_space)) {}

  core::Result<std::vector<std::optional<StoredPosition>>> Positions(
      const std::vector<events::TopicPartition>& at) const;
  core::Result<Snapshot> Load(const events::TopicPartition& at) const;

  // Writes the changes and the offset `next` into the namespace of `expected` when the stored position still is
  // `expected`; nothing expected: what is left of an earlier state is removed first. kConflict with reason
  // events::kOffsetFenced otherwise. What stands there now.
  core::Result<StoredPosition> Write(const events::TopicPartition& at, const std::optional<StoredPosition>& expected,
                                     std::int64_t next, const Changes& changes) const;

  // Control and the packed pupil (empty: none) as of one moment.
  struct PupilRead {
    std::optional<StoredPosition> position;
    std::string control;
    std::string pupil;
  };
  core::Result<PupilRead> ReadPupil(const events::TopicPartition& at, const std::string& pupil_id) const;
  // Position and proposals of each partition.
  core::Result<std::vector<Snapshot>> ReadProposals(const std::vector<events::TopicPartition>& at) const;
  core::Result<std::vector<std::string>> ReadLetters(const events::TopicPartition& at) const;
  core::Result<std::uint64_t> CountLetters(const std::vector<events::TopicPartition>& at) const;

  // For a rebuild. Adds to a namespace that nobody reads yet.
  core::Status Fill(const events::TopicPartition& at, const std::string& space, const Changes& changes) const;
  // From `from`'s namespace, wherever its offset stands now, to `to`: whoever wrote the old one is fenced. kConflict
  // when another namespace is in use.
  core::Status Switch(const events::TopicPartition& at, const StoredPosition& from, const StoredPosition& to) const;
  core::Status Drop(const events::TopicPartition& at, const std::string& space) const;

  core::Status Ping() const { return redis_.Ping(); }
  const std::string& group() const { return group_; }

 private:
  std::string Tag(const events::TopicPartition& at) const;
  std::vector<std::string> Keys(const events::TopicPartition& at, const std::string& space) const;

  redis::Redis& redis_;
  const std::string group_;
  const std::string first_space_;
};

}  // namespace tilts::risk_scoring
