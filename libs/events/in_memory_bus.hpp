#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "events/bus.hpp"
#include "events/catalogue.hpp"

namespace tilts::events {

// Kafka's murmur2 partitioner, as Java clients and librdkafka's murmur2_random compute it.
std::int32_t PartitionOf(std::string_view key, std::int32_t partitions);

// A broker in this process, as strict as Kafka: partitions, offsets, murmur2, groups with eager range assignment,
// unknown topics refused, out-of-range positions reported. For unit tests and the conformance suite; nothing outlives
// the process.
class InMemoryBus {
 public:
  InMemoryBus();
  ~InMemoryBus();

  void CreateTopic(const std::string& name, std::int32_t partitions);
  std::unique_ptr<Publisher> MakePublisher();
  // A member of `group`; joins at Start, leaves at Close.
  std::unique_ptr<Subscription> MakeSubscription(const std::string& group, const std::vector<std::string>& topics);

  // Test hooks. Every Publish fails with kUnavailable while down; polls return nothing.
  void SetDown(bool down);
  // Drops records below `low`, as retention does.
  void TruncateBefore(const TopicPartition& partition, std::int64_t low);
  // Everything of a topic, partition by partition.
  std::vector<Record> Contents(const std::string& topic) const;

 private:
  struct Broker;
  std::shared_ptr<Broker> broker_;
};

}  // namespace tilts::events
