#pragma once

#include <cstdint>
#include <memory>

#include "events/bus.hpp"
#include "kafka/kafka_options.hpp"

namespace tilts::kafka {

struct ProducerStatistics {
  std::uint64_t acknowledged = 0;
  std::uint64_t failed = 0;
  std::uint64_t recreated = 0;  // fatal errors and unconfirmed batches
};

// events::Publisher over librdkafka: idempotent, acks=all, murmur2_random. A message never times out by itself; a
// batch that is not confirmed within the limit, or a fatal error, ends this producer and the next Publish makes a new
// one, so that what arrives of a partition is always a prefix. Many threads may publish at once.
class Producer : public events::Publisher {
 public:
  // kInvalid: a setting librdkafka refuses, or one this library sets itself. Connects to nothing yet.
  static core::Result<std::unique_ptr<Producer>> Create(const KafkaOptions& options);
  ~Producer() override;  // waits a bounded time for what is in flight

  core::Status Publish(std::span<const events::OutgoingRecord> records) override;
  // Fetches metadata once, so that the first Publish is not slow; readiness.
  core::Status WarmUp();
  ProducerStatistics statistics() const;

 private:
  class Connection;
  struct Parts;
  explicit Producer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::kafka
