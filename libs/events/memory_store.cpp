#include "events/memory_store.hpp"

namespace tilts::events::testing {

std::vector<MemoryStore::Effect> MemoryStore::effects() const {
  const std::lock_guard lock(mutex_);
  return effects_;
}

std::optional<std::int64_t> MemoryStore::offset(const TopicPartition& partition) const {
  const std::lock_guard lock(mutex_);
  const auto found = offsets_.find(partition);
  return found == offsets_.end() ? std::nullopt : std::optional(found->second);
}

void MemoryStore::Flush() {
  const std::lock_guard lock(mutex_);
  offsets_.clear();
  effects_.clear();
}

core::Result<std::vector<std::optional<std::int64_t>>> MemoryProcessor::LoadOffsets(
    const std::vector<TopicPartition>& partitions) {
  std::vector<std::optional<std::int64_t>> offsets;
  for (const TopicPartition& at : partitions) offsets.push_back(store_.offset(at));
  return offsets;
}

core::Status MemoryProcessor::Process(const TopicPartition& partition, std::optional<std::int64_t> expected,
                                      std::span<const Record> records) {
  if (before_) TILTS_CHECK(before_(records));
  const std::lock_guard lock(store_.mutex_);
  const auto found = store_.offsets_.find(partition);
  const auto stored = found == store_.offsets_.end() ? std::nullopt : std::optional(found->second);
  if (stored != expected) return core::Fail(core::Errc::kConflict, "another offset is stored", kOffsetFenced);
  store_.offsets_[partition] = records.back().offset + 1;
  for (const Record& record : records) store_.effects_.push_back({record, worker_});
  return {};
}

}  // namespace tilts::events::testing
