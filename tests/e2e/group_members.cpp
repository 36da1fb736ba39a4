#include "group_members.hpp"

#include <librdkafka/rdkafka.h>

#include <memory>

namespace tilts::e2e {
namespace {

constexpr int kAnswerLimit = 10'000;  // milliseconds

template <auto kFree>
struct Freer {
  template <typename T>
  void operator()(T* handle) const {
    kFree(handle);
  }
};

std::map<std::string, int> Members(const rd_kafka_ConsumerGroupDescription_t* group) {
  std::map<std::string, int> members;
  for (std::size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(group); ++i) {
    const auto* member = rd_kafka_ConsumerGroupDescription_member(group, i);
    const char* name = rd_kafka_MemberDescription_group_instance_id(member);
    const auto* assignment = rd_kafka_MemberDescription_assignment(member);
    const auto* partitions = assignment ? rd_kafka_MemberAssignment_partitions(assignment) : nullptr;
    members[name ? name : rd_kafka_MemberDescription_consumer_id(member)] = partitions ? partitions->cnt : 0;
  }
  return members;
}

}  // namespace

std::map<std::string, int> GroupMembers(const std::string& brokers, const std::string& group) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  if (rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), nullptr, 0) != RD_KAFKA_CONF_OK) return {};
  const std::unique_ptr<rd_kafka_t, Freer<rd_kafka_destroy>> client(rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0));
  if (!client) return {};
  const std::unique_ptr<rd_kafka_queue_t, Freer<rd_kafka_queue_destroy>> queue(rd_kafka_queue_new(client.get()));
  const char* name = group.c_str();
  rd_kafka_DescribeConsumerGroups(client.get(), &name, 1, nullptr, queue.get());
  const std::unique_ptr<rd_kafka_event_t, Freer<rd_kafka_event_destroy>> event(
      rd_kafka_queue_poll(queue.get(), kAnswerLimit));
  const auto* result = event ? rd_kafka_event_DescribeConsumerGroups_result(event.get()) : nullptr;
  if (result == nullptr) return {};
  std::size_t count = 0;
  const auto* groups = rd_kafka_DescribeConsumerGroups_result_groups(result, &count);
  return count == 1 ? Members(groups[0]) : std::map<std::string, int>{};
}

}  // namespace tilts::e2e
