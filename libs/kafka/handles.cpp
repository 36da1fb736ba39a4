#include "kafka/handles.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace tilts::kafka {
namespace {

constexpr std::chrono::seconds kDestroyLimit{2};

core::Status Set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 256> text{};
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), text.data(), text.size()) == RD_KAFKA_CONF_OK) return {};
  return core::Fail(core::Errc::kInvalid, "Kafka setting " + name + " is not accepted: correct it", "KAFKA_SETTING");
}

// What the library would write to standard error; errors reach the caller as values.
void Silence(const rd_kafka_t*, int, const char*, const char*) {}

core::Status ListOne(rd_kafka_t* client, const std::vector<events::TopicPartition>& partitions, std::int64_t which,
                     int limit_milliseconds, std::vector<std::int64_t>& offsets) {
  PartitionList list = ToList(partitions);
  for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = which;
  if (const auto code = rd_kafka_offsets_for_times(client, list.get(), limit_milliseconds)) {
    return core::Fail(FromKafka(code, "cannot list offsets"));
  }
  offsets.resize(partitions.size());
  for (int i = 0; i < list->cnt; ++i) {
    if (list->elems[i].err) return core::Fail(FromKafka(list->elems[i].err, "cannot list offsets of a partition"));
    offsets[static_cast<std::size_t>(i)] = list->elems[i].offset;
  }
  return {};
}

}  // namespace

core::Result<Conf> MakeConf(const KafkaOptions& options, const Settings& own) {
  Conf conf(rd_kafka_conf_new());
  rd_kafka_conf_set_log_cb(conf.get(), &Silence);
  Settings all = {{"bootstrap.servers", options.brokers}, {"client.id", options.client_id},
                  {"allow.auto.create.topics", "false"},  {"socket.nagle.disable", "true"},
                  {"socket.keepalive.enable", "true"},    {"reconnect.backoff.ms", "50"},
                  {"reconnect.backoff.max.ms", "1000"}};
  all.insert(all.end(), own.begin(), own.end());
  for (const auto& [name, value] : all) {
    if (options.extra.contains(name)) {
      return core::Fail(core::Errc::kInvalid, "Kafka setting " + name + " is fixed: remove it", "KAFKA_SETTING");
    }
    TILTS_CHECK(Set(conf.get(), name, value));
  }
  for (const auto& [name, value] : options.extra) TILTS_CHECK(Set(conf.get(), name, value));
  return conf;
}

core::Result<Client> MakeClient(rd_kafka_type_t type, Conf conf) {
  std::array<char, 256> text{};
  Client client(rd_kafka_new(type, conf.get(), text.data(), text.size()));
  if (!client) {
    return core::Fail(core::Errc::kInvalid, "the Kafka client does not start with these settings", "KAFKA_SETTING");
  }
  static_cast<void>(conf.release());  // owned by the client now
  return client;
}

core::Error FromKafka(rd_kafka_resp_err_t code, const char* what) {
  std::string message = std::string(what) + " (" + rd_kafka_err2name(code) + ")";
  switch (code) {
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      return {core::Errc::kInvalid, std::move(message), "TOPIC_UNKNOWN", {}, 0};
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
      return {core::Errc::kInvalid, std::move(message), "RECORD_TOO_LARGE", {}, 0};
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      return {core::Errc::kDenied, std::move(message), "KAFKA_DENIED", {}, 0};
    case RD_KAFKA_RESP_ERR__QUEUE_FULL: return {core::Errc::kOverloaded, std::move(message), "KAFKA_QUEUE_FULL", {}, 0};
    default: return {core::Errc::kUnavailable, std::move(message), "KAFKA", {}, 0};
  }
}

PartitionList ToList(const std::vector<events::TopicPartition>& partitions) {
  PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const auto& at : partitions) rd_kafka_topic_partition_list_add(list.get(), at.topic.c_str(), at.partition);
  return list;
}

std::vector<events::TopicPartition> FromList(const rd_kafka_topic_partition_list_t* list) {
  std::vector<events::TopicPartition> partitions;
  for (int i = 0; list != nullptr && i < list->cnt; ++i) {
    partitions.push_back({list->elems[i].topic, list->elems[i].partition});
  }
  return partitions;
}

events::Record Copy(const rd_kafka_message_t& message) {
  events::Record record;
  CopyInto(message, record);
  return record;
}

void CopyInto(const rd_kafka_message_t& message, events::Record& record) {
  record.at.topic = rd_kafka_topic_name(message.rkt);
  record.at.partition = message.partition;
  record.offset = message.offset;
  record.key.assign(static_cast<const char*>(message.key), message.key == nullptr ? 0 : message.key_len);
  record.value.assign(static_cast<const char*>(message.payload), message.payload == nullptr ? 0 : message.len);
  record.headers.clear();
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == 0; ++i) {
      record.headers.push_back({name, std::string(static_cast<const char*>(value), size)});
    }
  }
}

// A close that did not finish is left to the broker's session timeout. Destroying may wait for ever (seen after a topic
// was deleted under the consumer): then the client is left behind, and the process ends without it.
void Destroy(Client consumer) {
  struct Progress {
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
  };
  if (!consumer) return;
  const auto progress = std::make_shared<Progress>();
  std::thread([progress, client = consumer.release()] {
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    const std::lock_guard lock(progress->mutex);
    progress->done = true;
    progress->changed.notify_all();
  }).detach();
  std::unique_lock lock(progress->mutex);
  progress->changed.wait_for(lock, kDestroyLimit, [&] { return progress->done; });
}

core::Result<std::vector<std::pair<std::int64_t, std::int64_t>>> ListOffsets(
    rd_kafka_t* client, const std::vector<events::TopicPartition>& partitions, int limit_milliseconds) {
  std::vector<std::int64_t> low;
  std::vector<std::int64_t> end;
  TILTS_CHECK(ListOne(client, partitions, RD_KAFKA_OFFSET_BEGINNING, limit_milliseconds, low));
  TILTS_CHECK(ListOne(client, partitions, RD_KAFKA_OFFSET_END, limit_milliseconds, end));
  std::vector<std::pair<std::int64_t, std::int64_t>> marks;
  for (std::size_t i = 0; i < low.size(); ++i) marks.emplace_back(low[i], end[i]);
  return marks;
}

core::Result<std::map<std::string, std::int32_t>> ListTopics(rd_kafka_t* client, int limit_milliseconds) {
  const rd_kafka_metadata_t* metadata = nullptr;
  if (const auto code = rd_kafka_metadata(client, 1, nullptr, &metadata, limit_milliseconds)) {
    return core::Fail(FromKafka(code, "the broker does not answer"));
  }
  std::map<std::string, std::int32_t> topics;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const auto& topic = metadata->topics[i];
    const bool led = std::all_of(topic.partitions, topic.partitions + topic.partition_cnt,
                                 [](const auto& partition) { return partition.leader >= 0; });
    if (!topic.err && led) topics.emplace(topic.topic, topic.partition_cnt);
  }
  rd_kafka_metadata_destroy(metadata);
  return topics;
}

}  // namespace tilts::kafka
