#pragma once

// Only for this library's .cpp files: the C handles, each in one type that frees it.
#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "events/record.hpp"
#include "kafka/kafka_options.hpp"

namespace tilts::kafka {

template <auto kFree>
struct Freer {
  template <typename T>
  void operator()(T* handle) const {
    kFree(handle);
  }
};

using Conf = std::unique_ptr<rd_kafka_conf_t, Freer<rd_kafka_conf_destroy>>;
using Client = std::unique_ptr<rd_kafka_t, Freer<rd_kafka_destroy>>;
// Shared: a record may still be on its way to a topic that is looked up anew.
using TopicHandle = std::shared_ptr<rd_kafka_topic_t>;
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, Freer<rd_kafka_topic_partition_list_destroy>>;
using Message = std::unique_ptr<rd_kafka_message_t, Freer<rd_kafka_message_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Freer<rd_kafka_queue_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Freer<rd_kafka_event_destroy>>;
using LibraryError = std::unique_ptr<rd_kafka_error_t, Freer<rd_kafka_error_destroy>>;

using Settings = std::vector<std::pair<std::string, std::string>>;

// Common settings, then `own`, then options.extra; an extra setting that is also an own one is refused.
core::Result<Conf> MakeConf(const KafkaOptions& options, const Settings& own);

// Takes the configuration over. kInvalid when librdkafka refuses the combination.
core::Result<Client> MakeClient(rd_kafka_type_t type, Conf conf);
// Of a consumer, without leaving its group, in a bounded time.
void Destroy(Client consumer);

core::Error FromKafka(rd_kafka_resp_err_t code, const char* what);

PartitionList ToList(const std::vector<events::TopicPartition>& partitions);
std::vector<events::TopicPartition> FromList(const rd_kafka_topic_partition_list_t* list);

// Bytes of the message, without anything of the library.
events::Record Copy(const rd_kafka_message_t& message);
// The same into a record that was used before.
void CopyInto(const rd_kafka_message_t& message, events::Record& record);

// Low and end of each partition, by two requests per broker.
core::Result<std::vector<std::pair<std::int64_t, std::int64_t>>> ListOffsets(
    rd_kafka_t* client, const std::vector<events::TopicPartition>& partitions, int limit_milliseconds);

// Topics whose partitions all have a leader, and how many partitions they have.
core::Result<std::map<std::string, std::int32_t>> ListTopics(rd_kafka_t* client, int limit_milliseconds);

}  // namespace tilts::kafka
