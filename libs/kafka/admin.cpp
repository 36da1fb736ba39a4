#include "kafka/admin.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

#include "kafka/handles.hpp"

namespace tilts::kafka {
namespace {

using Clock = std::chrono::steady_clock;
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Freer<rd_kafka_NewTopic_destroy>>;
using DeleteTopic = std::unique_ptr<rd_kafka_DeleteTopic_t, Freer<rd_kafka_DeleteTopic_destroy>>;
using AdminOptions = std::unique_ptr<rd_kafka_AdminOptions_t, Freer<rd_kafka_AdminOptions_destroy>>;

constexpr std::uint32_t kDeadLetterDays = 90;

core::Result<NewTopic> MakeTopic(const events::Topic& topic, int replication) {
  NewTopic made(rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions, replication, nullptr, 0));
  if (!made) return core::Fail(core::Errc::kInvalid, topic.name + ": not a topic Kafka can have", "TOPIC_NAME");
  const auto milliseconds = std::int64_t{topic.retention_days} * 86'400'000;
  const Settings settings = {{"message.timestamp.type", "LogAppendTime"},
                             {"cleanup.policy", topic.compacted ? "compact" : "delete"},
                             {"retention.ms", topic.retention_days == 0 ? "-1" : std::to_string(milliseconds)},
                             {"max.message.bytes", "1048588"}};
  for (const auto& [name, value] : settings) rd_kafka_NewTopic_set_config(made.get(), name.c_str(), value.c_str());
  return made;
}

// The per-topic results of an admin call, as one status; `fine` are codes that are no failure.
core::Status Judge(const rd_kafka_topic_result_t** results, std::size_t count, rd_kafka_resp_err_t fine,
                   const char* what) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto code = rd_kafka_topic_result_error(results[i]);
    if (code && code != fine) return core::Fail(FromKafka(code, what));
  }
  return {};
}

}  // namespace

std::vector<events::Topic> DeadLetterTopics(const std::string& group, const std::vector<std::string>& topics) {
  std::vector<events::Topic> letters;
  for (const std::string& topic : topics) {
    letters.push_back({events::DeadLetterTopic(topic, group), 1, kDeadLetterDays, false, false});
  }
  return letters;
}

struct Admin::Parts {
  KafkaOptions options;
  Client client;

  int limit() const { return static_cast<int>(options.admin_limit.count()); }

  core::Result<Event> Ask(rd_kafka_admin_op_t operation,
                          const std::function<void(rd_kafka_AdminOptions_t*, rd_kafka_queue_t*)>& send) {
    const Queue queue(rd_kafka_queue_new(client.get()));
    const AdminOptions admin(rd_kafka_AdminOptions_new(client.get(), operation));
    send(admin.get(), queue.get());
    Event event(rd_kafka_queue_poll(queue.get(), limit()));
    if (!event) return core::Fail(core::Errc::kUnavailable, "the broker does not answer", "KAFKA");
    if (const auto code = rd_kafka_event_error(event.get())) {
      return core::Fail(FromKafka(code, "the broker refused an administrative call"));
    }
    return event;
  }

  core::Status Make(const std::vector<events::Topic>& topics, int replication) {
    std::vector<NewTopic> made;
    std::vector<rd_kafka_NewTopic_t*> raw;
    for (const events::Topic& topic : topics) {
      TILTS_ASSIGN(NewTopic one, MakeTopic(topic, replication));
      raw.push_back(one.get());
      made.push_back(std::move(one));
    }
    TILTS_ASSIGN(const Event event, Ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, [&](auto* admin, auto* queue) {
                   rd_kafka_CreateTopics(client.get(), raw.data(), raw.size(), admin, queue);
                 }));
    std::size_t count = 0;
    const auto* result = rd_kafka_event_CreateTopics_result(event.get());
    return Judge(rd_kafka_CreateTopics_result_topics(result, &count), count, RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS,
                 "cannot create a topic");
  }
};

core::Result<std::unique_ptr<Admin>> Admin::Create(const KafkaOptions& options) {
  auto parts = std::make_unique<Parts>();
  parts->options = options;
  TILTS_ASSIGN(Conf conf, MakeConf(options, {}));
  TILTS_ASSIGN(parts->client, MakeClient(RD_KAFKA_PRODUCER, std::move(conf)));
  return std::unique_ptr<Admin>(new Admin(std::move(parts)));
}

Admin::Admin(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Admin::~Admin() = default;

core::Result<std::map<std::string, std::int32_t>> Admin::Topics() {
  return ListTopics(parts_->client.get(), parts_->limit());
}

core::Status Admin::EnsureTopics(const std::vector<events::Topic>& topics, int replication) {
  const auto deadline = Clock::now() + parts_->options.admin_limit;
  bool created = false;
  while (true) {
    TILTS_ASSIGN(const auto existing, Topics());
    std::vector<events::Topic> missing;
    for (const events::Topic& topic : topics) {
      const auto found = existing.find(topic.name);
      if (found == existing.end()) {
        missing.push_back(topic);
      } else if (found->second != topic.partitions) {
        return core::Fail(core::Errc::kRefused,
                          topic.name + " exists with another number of partitions: that number never changes",
                          "TOPIC_PARTITIONS");
      }
    }
    if (missing.empty()) return {};
    if (Clock::now() > deadline) {
      return core::Fail(core::Errc::kUnavailable, "new topics have no leaders yet: try again", "KAFKA");
    }
    if (!created) TILTS_CHECK(parts_->Make(missing, replication));
    created = true;
    rd_kafka_poll(parts_->client.get(), 50);  // a pause between two looks
  }
}

core::Result<std::vector<events::Watermarks>> Admin::Describe(const std::string& topic) {
  TILTS_ASSIGN(const auto topics, Topics());
  const auto found = topics.find(topic);
  if (found == topics.end()) return core::Fail(core::Errc::kNotFound, "no such topic", "TOPIC_UNKNOWN");
  std::vector<events::TopicPartition> partitions;
  for (std::int32_t i = 0; i < found->second; ++i) partitions.push_back({topic, i});
  TILTS_ASSIGN(const auto offsets, ListOffsets(parts_->client.get(), partitions, parts_->limit()));
  std::vector<events::Watermarks> marks;
  for (const auto& [low, end] : offsets) marks.push_back({low, end});
  return marks;
}

core::Status Admin::DeleteTopics(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  std::vector<DeleteTopic> made;
  std::vector<rd_kafka_DeleteTopic_t*> raw;
  for (const std::string& name : names) {
    made.emplace_back(rd_kafka_DeleteTopic_new(name.c_str()));
    raw.push_back(made.back().get());
  }
  TILTS_ASSIGN(const Event event, parts_->Ask(RD_KAFKA_ADMIN_OP_DELETETOPICS, [&](auto* admin, auto* queue) {
    rd_kafka_DeleteTopics(parts_->client.get(), raw.data(), raw.size(), admin, queue);
  }));
  std::size_t count = 0;
  const auto* result = rd_kafka_event_DeleteTopics_result(event.get());
  return Judge(rd_kafka_DeleteTopics_result_topics(result, &count), count, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
               "cannot delete a topic");
}

}  // namespace tilts::kafka
