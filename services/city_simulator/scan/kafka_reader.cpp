#include "city_simulator/scan/kafka_reader.hpp"

#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <utility>

namespace tilts::city_simulator {
namespace {

constexpr int kTimeoutMs = 10'000;
using Position = std::pair<std::string, std::int32_t>;

struct Close {
  void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
  void operator()(rd_kafka_topic_partition_list_t* list) const { rd_kafka_topic_partition_list_destroy(list); }
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
};
using Client = std::unique_ptr<rd_kafka_t, Close>;
using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t, Close>;

Client Connect(const std::string& brokers, std::string& failure) {
  rd_kafka_conf_t* settings = rd_kafka_conf_new();
  std::array<char, 512> error{};
  const std::array<std::pair<const char*, const char*>, 4> values = {{{"bootstrap.servers", brokers.c_str()},
                                                                      {"group.id", "city-simulator-scan"},
                                                                      {"enable.auto.commit", "false"},
                                                                      {"auto.offset.reset", "error"}}};
  for (const auto& [name, value] : values) rd_kafka_conf_set(settings, name, value, error.data(), error.size());
  Client client(rd_kafka_new(RD_KAFKA_CONSUMER, settings, error.data(), error.size()));
  if (!client) {
    rd_kafka_conf_destroy(settings);
    failure = error.data();
    return client;
  }
  rd_kafka_poll_set_consumer(client.get());
  return client;
}

// The partitions that hold something, from their first record, and where each ends.
Partitions FindWork(rd_kafka_t* client, const std::string& prefix, std::map<Position, std::int64_t>& ends,
                    std::string& failure) {
  Partitions work(rd_kafka_topic_partition_list_new(256));
  const rd_kafka_metadata_t* raw = nullptr;
  if (const auto code = rd_kafka_metadata(client, 1, nullptr, &raw, kTimeoutMs); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    failure = rd_kafka_err2str(code);
    return work;
  }
  const std::unique_ptr<const rd_kafka_metadata_t, Close> metadata(raw);
  for (int index = 0; index < metadata->topic_cnt; ++index) {
    const rd_kafka_metadata_topic_t& topic = metadata->topics[index];
    if (std::string_view(topic.topic).substr(0, prefix.size()) != prefix) continue;
    for (std::int32_t partition = 0; partition < topic.partition_cnt; ++partition) {
      std::int64_t first = 0, end = 0;
      const auto code = rd_kafka_query_watermark_offsets(client, topic.topic, partition, &first, &end, kTimeoutMs);
      if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        failure = std::string(topic.topic) + ": " + rd_kafka_err2str(code);
        return work;
      }
      if (end <= first) continue;
      ends[{topic.topic, partition}] = end;
      rd_kafka_topic_partition_list_add(work.get(), topic.topic, partition)->offset = first;
    }
  }
  return work;
}

void Visit(const rd_kafka_message_t& message, const KafkaVisitor& visit) {
  const std::string where = std::string(rd_kafka_topic_name(message.rkt)) + "/" + std::to_string(message.partition) +
                            "@" + std::to_string(message.offset);
  visit(where, {static_cast<const char*>(message.payload), message.len});
  if (message.key_len > 0) visit(where + " key", {static_cast<const char*>(message.key), message.key_len});
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t index = 0;
       rd_kafka_header_get_all(headers, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++index) {
    visit(where + " header", {static_cast<const char*>(value), size});
  }
}

}  // namespace

KafkaReading ReadAllRecords(const std::string& brokers, const std::string& prefix, const KafkaVisitor& visit) {
  KafkaReading reading;
  const Client client = Connect(brokers, reading.failure);
  if (!client) return reading;
  std::map<Position, std::int64_t> ends;
  const Partitions work = FindWork(client.get(), prefix, ends, reading.failure);
  if (!reading.failure.empty() || ends.empty()) return reading;
  rd_kafka_assign(client.get(), work.get());
  auto quiet_until = std::chrono::steady_clock::now() + std::chrono::milliseconds(kTimeoutMs);
  while (!ends.empty()) {
    const std::unique_ptr<rd_kafka_message_t, Close> message(rd_kafka_consumer_poll(client.get(), 200));
    const auto now = std::chrono::steady_clock::now();
    if (!message || message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      if (now > quiet_until) {
        reading.failure = std::to_string(ends.size()) + " partitions could not be read to their end";
        break;
      }
      continue;
    }
    quiet_until = now + std::chrono::milliseconds(kTimeoutMs);
    const Position position{rd_kafka_topic_name(message->rkt), message->partition};
    const auto end = ends.find(position);
    if (end == ends.end()) continue;
    Visit(*message, visit);
    ++reading.records;
    if (message->offset + 1 >= end->second) ends.erase(end);
  }
  rd_kafka_assign(client.get(), nullptr);
  return reading;
}

}  // namespace tilts::city_simulator
