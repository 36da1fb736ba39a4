#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "events/bus.hpp"
#include "measure.hpp"

// librdkafka with nothing of ours in between: the limits that our figures stand beside. Failures are thrown.
namespace tilts::bench {

struct Message {
  std::string key;
  std::string value;
};

// Idempotent, acks=all, lz4, partitions by murmur2.
class BareProducer {
 public:
  BareProducer(const std::string& brokers, const std::string& topic);

  // Waits for room in the queue. `partition` -1: by the key.
  void Send(std::int32_t partition, const std::string& key, const std::string& value);
  // Until every record is acknowledged.
  void Finish();

 private:
  struct Destroy {
    void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
    void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
  };
  std::uint64_t failed_ = 0;
  std::uint64_t sent_ = 0;
  std::unique_ptr<rd_kafka_t, Destroy> client_;
  std::unique_ptr<rd_kafka_topic_t, Destroy> topic_;
};

// The messages over and over again, for at least so long.
Span ProduceBare(const std::string& brokers, const std::string& topic, const std::vector<Message>& messages,
                 double seconds);

// From the beginning of each partition to its end.
Span ConsumeBare(const std::string& brokers, const std::string& topic, const std::vector<events::Watermarks>& marks);

// The first messages of each partition whose value is an attendance fact, at most so many.
std::vector<Message> ReadMessages(const std::string& brokers, const std::string& topic,
                                  const std::vector<events::Watermarks>& marks, std::size_t most);

std::int64_t SumOfEnds(const std::vector<events::Watermarks>& marks);

}  // namespace tilts::bench
