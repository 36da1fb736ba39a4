#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "events/bus.hpp"
#include "kafka/kafka_options.hpp"

namespace tilts::kafka {

struct ConsumerOptions {
  std::string group;      // the service's name
  std::string member_id;  // group.instance.id: stable per replica, so that a restart moves no partition
  std::vector<std::string> topics;
  // Records of one partition worth having together: what one fetch of it may hold follows from that.
  std::size_t batch_records = 500;
  // Outside its group for longer although the broker answers, a member starts anew. Above max.poll.interval.ms, which
  // the group may wait for a member that is slow to come back.
  std::chrono::milliseconds join_limit{150'000};
};

// events::Subscription over librdkafka: eager range assignment, no auto commit, auto.offset.reset=error, one poll
// thread, checksums checked, messages copied out at once.
class Consumer : public events::Subscription {
 public:
  static core::Result<std::unique_ptr<Consumer>> Create(const KafkaOptions& options, const ConsumerOptions& consumer);
  ~Consumer() override;

  core::Status Start(Listener& listener) override;
  core::Status Assign(const std::vector<events::Position>& positions) override;
  core::Result<std::optional<events::Record>> Poll(std::chrono::milliseconds wait) override;
  core::Result<bool> PollInto(std::chrono::milliseconds wait, events::Record& record) override;
  core::Status Pause(const std::vector<events::TopicPartition>& partitions) override;
  core::Status Resume(const std::vector<events::TopicPartition>& partitions) override;
  core::Result<std::vector<events::Watermarks>> Describe(
      const std::vector<events::TopicPartition>& partitions) override;
  core::Result<std::vector<events::TopicPartition>> Partitions() override;
  void Close() override;

 private:
  struct Parts;
  explicit Consumer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::kafka
