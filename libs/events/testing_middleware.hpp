#pragma once

#include <cstdint>
#include <vector>

#include "events/batch_processor.hpp"
#include "events/bus.hpp"

namespace tilts::events::testing {

// Publishes every batch twice: what a producer's retry does at worst. Consumers must not notice.
class Duplicator : public Publisher {
 public:
  explicit Duplicator(Publisher& inner) : inner_(inner) {}
  core::Status Publish(std::span<const OutgoingRecord> records) override;

 private:
  Publisher& inner_;
};

// Fails batches at random: before they are written (nothing happened) or after (written, but the answer was lost).
class RandomFail : public BatchProcessor {
 public:
  RandomFail(BatchProcessor& inner, double probability, std::uint64_t seed);

  core::Result<std::vector<std::optional<std::int64_t>>> LoadOffsets(
      const std::vector<TopicPartition>& partitions) override;
  core::Result<std::optional<std::int64_t>> SnapshotOffset(const TopicPartition& partition) override;
  core::Status Process(const TopicPartition& partition, std::optional<std::int64_t> expected,
                       std::span<const Record> records) override;
  void Forget(const TopicPartition& partition) override;

 private:
  bool Strikes();

  BatchProcessor& inner_;
  double probability_;
  std::uint64_t state_;
};

}  // namespace tilts::events::testing
