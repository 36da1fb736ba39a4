#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "events/bus.hpp"
#include "events/in_memory_bus.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "testing/server_set.hpp"
#include "testing/wait_for.hpp"

namespace tilts {

enum class BusKind { kInMemory, kKafka };

inline std::string NameOfBus(const ::testing::TestParamInfo<BusKind>& bus) {
  return bus.param == BusKind::kKafka ? "Kafka" : "InMemory";
}

// The same tests for every bus: an in-memory bus kinder than Kafka would be a bug in the in-memory bus.
class BusConformanceTest : public testing::ServerTest, public ::testing::WithParamInterface<BusKind> {
 protected:
  bool kafka() const { return GetParam() == BusKind::kKafka; }

  std::string MakeTopic(int partitions) {
    if (kafka()) return FreshTopic("bus", partitions);
    memory_.CreateTopic(space() + ".bus", partitions);
    return space() + ".bus";
  }

  std::unique_ptr<events::Publisher> MakePublisher() {
    if (!kafka()) return memory_.MakePublisher();
    auto producer = kafka::Producer::Create(servers().Kafka(space()));
    EXPECT_TRUE(producer.has_value());
    return std::move(*producer);
  }

  // Members without an identity leave the group at once; with one, Kafka waits for them to come back.
  std::unique_ptr<events::Subscription> MakeSubscription(const std::string& topic, const std::string& member = {}) {
    if (!kafka()) return memory_.MakeSubscription("group", {topic});
    auto consumer = kafka::Consumer::Create(servers().Kafka(space()), {space() + "-group", member, {topic}});
    EXPECT_TRUE(consumer.has_value());
    return std::move(*consumer);
  }

  events::InMemoryBus memory_;
};

// Collects what the bus tells; reads from where the test says.
class Reader : public events::Subscription::Listener {
 public:
  explicit Reader(events::Subscription& subscription) : subscription_(subscription) {}

  void OnAssigned(const std::vector<events::TopicPartition>& partitions) override {
    assigned = partitions;
    ++assignments;
  }
  void OnRevoked(const std::vector<events::TopicPartition>&, bool) override { assigned.clear(); }
  void OnOffsetOutOfRange(const events::TopicPartition& partition) override { out_of_range.push_back(partition); }

  // Polls until `done` or the limit.
  bool PollUntil(const std::function<bool()>& done, std::chrono::milliseconds limit = std::chrono::seconds(20)) {
    return testing::WaitFor(
        [&] {
          auto record = subscription_.Poll(std::chrono::milliseconds(20));
          if (record && *record) records.push_back(std::move(**record));
          return done();
        },
        limit);
  }

  core::Status AssignAllFrom(std::int64_t offset) {
    std::vector<events::Position> positions;
    for (const auto& at : assigned) positions.push_back({at, offset});
    return subscription_.Assign(positions);
  }

  std::vector<events::TopicPartition> assigned;
  int assignments = 0;
  std::vector<events::TopicPartition> out_of_range;
  std::vector<events::Record> records;

 private:
  events::Subscription& subscription_;
};

inline std::vector<events::OutgoingRecord> Numbered(const std::string& topic, int from, int to, int keys) {
  std::vector<events::OutgoingRecord> records;
  for (int i = from; i < to; ++i) {
    records.push_back(
        {topic, "key" + std::to_string(i % keys), std::nullopt, std::to_string(i), std::to_string(i), {}});
  }
  return records;
}

}  // namespace tilts
