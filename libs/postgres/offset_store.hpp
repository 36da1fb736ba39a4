#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "events/record.hpp"
#include "postgres/database.hpp"

namespace tilts::postgres {

// consumer_offset(consumer_group, topic, partition, next_offset): the fence of exactly-once effects. Two workers that
// believe they own a partition cannot both write: the second finds another offset than it expected.
class OffsetStore {
 public:
  explicit OffsetStore(std::string group) : group_(std::move(group)) {}

  core::Result<std::optional<std::int64_t>> Load(UnitOfWork& unit, const events::TopicPartition& partition) const;

  // Every stored offset of the group.
  core::Result<std::map<events::TopicPartition, std::int64_t>> LoadAll(Database& database) const;

  // First statement of a batch's transaction: it also locks the row, so that a second worker waits and then loses.
  // kConflict with reason OFFSET_FENCED when the stored offset is not `expected` (nothing: no row).
  core::Status Advance(UnitOfWork& unit, const events::TopicPartition& partition, std::optional<std::int64_t> expected,
                       std::int64_t next) const;

  const std::string& group() const { return group_; }

 private:
  std::string group_;
};

}  // namespace tilts::postgres
