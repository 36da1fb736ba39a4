#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/result.hpp"
#include "events/record.hpp"

namespace tilts::events {

// Reason of the kConflict that says: the stored offset is not the one this worker last read or wrote.
inline constexpr char kOffsetFenced[] = "OFFSET_FENCED";

// Reason of the kRefused that says: the next record may be neither taken nor skipped. The runner stops the partition
// where the stored offset is and tries again now and then; an operator must act.
inline constexpr char kRecordBlocks[] = "RECORD_BLOCKS";

// What the runner drives: a store that owns offsets and writes a batch and its offset in one atomic step.
// postgres::SqlBatchProcessor is one; a service on Redis writes its own around one compare-and-set script.
class BatchProcessor {
 public:
  virtual ~BatchProcessor() = default;

  // The stored next offsets, in the order of `partitions`; nothing where nothing was ever stored. Asked before any
  // state is loaded, and again for idle partitions every few seconds. Safe from any thread: the status asks too.
  virtual core::Result<std::vector<std::optional<std::int64_t>>> LoadOffsets(
      const std::vector<TopicPartition>& partitions) = 0;

  // Where a partition may start when nothing is stored and its beginning is gone: the offset of a snapshot.
  virtual core::Result<std::optional<std::int64_t>> SnapshotOffset(const TopicPartition&) { return std::nullopt; }

  // Records of one partition, in order. Writes their effects and the offset last + 1 only if the stored offset is
  // still `expected` (nothing: no row). Errors:
  //   kConflict with reason kOffsetFenced   another worker, or a store that lost its state: the runner re-reads it
  //   kRefused with reason kRecordBlocks    what came before the blocking record is written; the partition is refused
  //   anything else                         nothing was written, or it is unknown; the runner tries the batch again
  // A record that can never be processed is dead-lettered inside this call and is no error.
  virtual core::Status Process(const TopicPartition& partition, std::optional<std::int64_t> expected,
                               std::span<const Record> records) = 0;

  // The partition was revoked or fenced: drop whatever is cached for it.
  virtual void Forget(const TopicPartition&) {}
};

}  // namespace tilts::events
