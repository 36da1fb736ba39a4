#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "events/bus.hpp"
#include "events/catalogue.hpp"
#include "kafka/kafka_options.hpp"

namespace tilts::kafka {

// The dead-letter topics of a group that reads `topics`: one partition each, kept for 90 days.
std::vector<events::Topic> DeadLetterTopics(const std::string& group, const std::vector<std::string>& topics);

class Admin {
 public:
  static core::Result<std::unique_ptr<Admin>> Create(const KafkaOptions& options);
  ~Admin();

  // Creates what is missing (message.timestamp.type=LogAppendTime, retention or compaction as the contract says).
  // kRefused, reason TOPIC_PARTITIONS: a topic exists with another number of partitions; that number never changes.
  core::Status EnsureTopics(const std::vector<events::Topic>& topics, int replication = 1);
  // Partitions of each topic that exists.
  core::Result<std::map<std::string, std::int32_t>> Topics();
  // Low and end of every partition of the topic.
  core::Result<std::vector<events::Watermarks>> Describe(const std::string& topic);
  core::Status DeleteTopics(const std::vector<std::string>& names);  // tests

 private:
  struct Parts;
  explicit Admin(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::kafka
