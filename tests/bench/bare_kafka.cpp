#include "bare_kafka.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>
#include <utility>

namespace tilts::bench {
namespace {

constexpr int kPatienceMilliseconds = 30'000;
constexpr std::size_t kFetchedAtOnce = 10'000;

using Settings = std::vector<std::pair<const char*, std::string>>;

rd_kafka_t* MakeClient(rd_kafka_type_t type, rd_kafka_conf_t* conf, const Settings& settings) {
  std::array<char, 256> text{};
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name, value.c_str(), text.data(), text.size()) != RD_KAFKA_CONF_OK) {
      throw std::runtime_error(text.data());
    }
  }
  rd_kafka_t* client = rd_kafka_new(type, conf, text.data(), text.size());
  if (client == nullptr) throw std::runtime_error(text.data());
  return client;
}

// Reads every partition from its low mark; `take` is asked for each message until it says no, or the end is reached.
void Consume(const std::string& brokers, const std::string& topic, const std::vector<events::Watermarks>& marks,
             const std::function<bool(const rd_kafka_message_t&)>& take) {
  rd_kafka_t* client = MakeClient(RD_KAFKA_CONSUMER, rd_kafka_conf_new(),
                                  {{"bootstrap.servers", brokers},
                                   {"group.id", "bench"},
                                   {"enable.auto.commit", "false"},
                                   {"auto.offset.reset", "error"},
                                   {"fetch.wait.max.ms", "50"},
                                   {"queued.min.messages", "100000"}});
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(static_cast<int>(marks.size()));
  std::int64_t left = 0;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    left += marks[i].end - marks[i].low;
    rd_kafka_topic_partition_list_add(list, topic.c_str(), static_cast<std::int32_t>(i))->offset = marks[i].low;
  }
  rd_kafka_assign(client, list);
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_queue_t* queue = rd_kafka_queue_get_consumer(client);
  std::vector<rd_kafka_message_t*> fetched(kFetchedAtOnce);
  std::string fault;
  bool more = left > 0;
  while (more && fault.empty()) {
    // It waits for as many as are asked for, so never more than there are.
    const std::size_t wanted = std::min(fetched.size(), static_cast<std::size_t>(left));
    const ssize_t count = rd_kafka_consume_batch_queue(queue, kPatienceMilliseconds, fetched.data(), wanted);
    if (count <= 0) fault = "the topic's end was not reached";
    for (ssize_t i = 0; i < count; ++i) {
      rd_kafka_message_t* message = fetched[static_cast<std::size_t>(i)];
      if (message->err) fault = rd_kafka_err2str(message->err);
      if (!message->err && more) more = take(*message) && --left > 0;
      rd_kafka_message_destroy(message);
    }
  }
  rd_kafka_queue_destroy(queue);
  rd_kafka_consumer_close(client);
  rd_kafka_destroy(client);
  if (!fault.empty()) throw std::runtime_error(topic + ": " + fault);
}

}  // namespace

BareProducer::BareProducer(const std::string& brokers, const std::string& topic) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_opaque(conf, &failed_);
  rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void* failed) {
    if (message->err) ++*static_cast<std::uint64_t*>(failed);
  });
  client_.reset(MakeClient(RD_KAFKA_PRODUCER, conf,
                           {{"bootstrap.servers", brokers},
                            {"enable.idempotence", "true"},
                            {"acks", "all"},
                            {"compression.codec", "lz4"},
                            {"partitioner", "murmur2_random"},
                            {"linger.ms", "5"},
                            {"queue.buffering.max.messages", "200000"}}));
  topic_.reset(rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr));
}

void BareProducer::Send(std::int32_t partition, const std::string& key, const std::string& value) {
  while (rd_kafka_produce(topic_.get(), partition, RD_KAFKA_MSG_F_COPY, const_cast<char*>(value.data()), value.size(),
                          key.data(), key.size(), nullptr) != 0) {
    const rd_kafka_resp_err_t code = rd_kafka_last_error();
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) throw std::runtime_error(rd_kafka_err2str(code));
    rd_kafka_poll(client_.get(), 10);
  }
  if (++sent_ % 1'000 == 0) rd_kafka_poll(client_.get(), 0);
}

void BareProducer::Finish() {
  if (rd_kafka_flush(client_.get(), 2 * kPatienceMilliseconds) || failed_ > 0) {
    throw std::runtime_error("the broker did not take every record");
  }
}

Span ProduceBare(const std::string& brokers, const std::string& topic, const std::vector<Message>& messages,
                 double seconds) {
  BareProducer producer(brokers, topic);
  producer.Send(-1, messages.front().key, messages.front().value);  // metadata and producer id
  producer.Finish();
  Span span;
  const double before = OwnProcessorSeconds();
  const Meter meter({});
  do {
    for (const Message& message : messages) {
      producer.Send(-1, message.key, message.value);
      span.bytes += message.value.size();
    }
    span.records += messages.size();
  } while (meter.Seconds() < seconds);
  producer.Finish();
  span.seconds = meter.Seconds();
  span.processor_seconds = OwnProcessorSeconds() - before;
  return span;
}

Span ConsumeBare(const std::string& brokers, const std::string& topic, const std::vector<events::Watermarks>& marks) {
  Span span;
  const double before = OwnProcessorSeconds();
  const Meter meter({});
  Consume(brokers, topic, marks, [&](const rd_kafka_message_t& message) {
    ++span.records;
    span.bytes += message.len;
    return true;
  });
  span.seconds = meter.Seconds();
  span.processor_seconds = OwnProcessorSeconds() - before;
  return span;
}

std::vector<Message> ReadMessages(const std::string& brokers, const std::string& topic,
                                  const std::vector<events::Watermarks>& marks, std::size_t most) {
  std::vector<Message> messages;
  Consume(brokers, topic, marks, [&](const rd_kafka_message_t& message) {
    const std::string_view value(static_cast<const char*>(message.payload), message.len);
    if (value.find("tilts.facts.v1.AttendanceRecorded") == std::string_view::npos) return true;
    messages.push_back({std::string(static_cast<const char*>(message.key), message.key_len), std::string(value)});
    return messages.size() < most;
  });
  return messages;
}

std::int64_t SumOfEnds(const std::vector<events::Watermarks>& marks) {
  std::int64_t sum = 0;
  for (const events::Watermarks& mark : marks) sum += mark.end - mark.low;
  return sum;
}

}  // namespace tilts::bench
