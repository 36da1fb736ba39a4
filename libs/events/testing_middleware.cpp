#include "events/testing_middleware.hpp"

namespace tilts::events::testing {

core::Status Duplicator::Publish(std::span<const OutgoingRecord> records) {
  TILTS_CHECK(inner_.Publish(records));
  return inner_.Publish(records);
}

RandomFail::RandomFail(BatchProcessor& inner, double probability, std::uint64_t seed)
    : inner_(inner), probability_(probability), state_(seed) {}

core::Result<std::vector<std::optional<std::int64_t>>> RandomFail::LoadOffsets(
    const std::vector<TopicPartition>& partitions) {
  if (Strikes()) return core::Fail(core::Errc::kUnavailable, "injected failure", "INJECTED");
  return inner_.LoadOffsets(partitions);
}

core::Result<std::optional<std::int64_t>> RandomFail::SnapshotOffset(const TopicPartition& partition) {
  return inner_.SnapshotOffset(partition);
}

core::Status RandomFail::Process(const TopicPartition& partition, std::optional<std::int64_t> expected,
                                 std::span<const Record> records) {
  if (Strikes()) return core::Fail(core::Errc::kUnavailable, "injected failure before the write", "INJECTED");
  TILTS_CHECK(inner_.Process(partition, expected, records));
  if (Strikes()) return core::Fail(core::Errc::kUnavailable, "injected loss of the answer", "INJECTED");
  return {};
}

void RandomFail::Forget(const TopicPartition& partition) {
  inner_.Forget(partition);
}

// SplitMix64: the same seed fails at the same places, also on another standard library.
bool RandomFail::Strikes() {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = (state_ ^ state_ >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  mixed ^= mixed >> 31;
  return static_cast<double>(mixed >> 11) / 9007199254740992.0 < probability_;
}

}  // namespace tilts::events::testing
