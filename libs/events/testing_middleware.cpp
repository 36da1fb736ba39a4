#include "events/testing_middleware.hpp"

namespace tilts::events::testing {

core::Status Duplicator::Publish(std::span<const OutgoingRecord> records) {
  TILTS_CHECK(inner_.Publish(records));
  return inner_.Publish(records);
}

RandomFail::RandomFail(BatchProcessor& inner, double probability, std::uint64_t seed)
    : inner_(inner), probability_(probability), random_(seed) {}

core::Result<std::optional<std::int64_t>> RandomFail::LoadOffset(const TopicPartition& partition) {
  if (Strikes()) return core::Fail(core::Errc::kUnavailable, "injected failure", "INJECTED");
  return inner_.LoadOffset(partition);
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

bool RandomFail::Strikes() {
  return std::uniform_real_distribution<double>(0, 1)(random_) < probability_;
}

}  // namespace tilts::events::testing
