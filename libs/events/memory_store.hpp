#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "events/batch_processor.hpp"

namespace tilts::events::testing {

// A store in memory that owns offsets as strictly as PostgreSQL: several processors share it, one fence. Keeps every
// effect it was told, in order. For tests of the runner and of the buses.
class MemoryStore {
 public:
  struct Effect {
    Record record;
    int worker = 0;
  };

  std::vector<Effect> effects() const;
  std::optional<std::int64_t> offset(const TopicPartition& partition) const;
  // Loses everything, as a flushed Redis does.
  void Flush();

 private:
  friend class MemoryProcessor;
  mutable std::mutex mutex_;
  std::map<TopicPartition, std::int64_t> offsets_;
  std::vector<Effect> effects_;
};

class MemoryProcessor : public BatchProcessor {
 public:
  explicit MemoryProcessor(MemoryStore& store, int worker = 0) : store_(store), worker_(worker) {}

  // Called before each write; an error is returned instead of writing.
  void SetBefore(std::function<core::Status(std::span<const Record>)> before) { before_ = std::move(before); }
  void SetSnapshot(std::int64_t offset) { snapshot_ = offset; }

  core::Result<std::vector<std::optional<std::int64_t>>> LoadOffsets(
      const std::vector<TopicPartition>& partitions) override;
  core::Result<std::optional<std::int64_t>> SnapshotOffset(const TopicPartition&) override { return snapshot_; }
  core::Status Process(const TopicPartition& partition, std::optional<std::int64_t> expected,
                       std::span<const Record> records) override;

 private:
  MemoryStore& store_;
  const int worker_;
  std::function<core::Status(std::span<const Record>)> before_;
  std::optional<std::int64_t> snapshot_;
};

}  // namespace tilts::events::testing
