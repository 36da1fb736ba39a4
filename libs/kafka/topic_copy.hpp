#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "events/bus.hpp"
#include "events/catalogue.hpp"
#include "kafka/kafka_options.hpp"

namespace tilts::kafka {

struct TopicCopyOptions {
  std::string from;
  events::Topic to;  // made when it is missing
  int replication = 1;
  std::size_t batch_records = 1'000;
  // Now and then: records of FROM looked at, of how many.
  std::function<void(std::uint64_t, std::uint64_t)> progress = [](std::uint64_t, std::uint64_t) {};
};

struct TopicCopyResult {
  std::int32_t from_partitions = 0;
  std::uint64_t records = 0;     // with a key of their own, now in both topics
  std::uint64_t broadcasts = 0;  // control records, now once in every partition of both
  std::uint64_t copied = 0;      // records written by this run; the others were there
  std::uint64_t waiting = 0;     // behind a broadcast that has not reached every partition of FROM yet
  std::string digest;            // over all of it, hex; the same of both topics
};

// Makes TO hold what FROM holds, under another number of partitions: keys, values and headers byte for byte, each key
// in its murmur2 partition and in FROM's order. A broadcast (a key found in partitions that are not its own) stands in
// every partition of TO, with the same records of each key before it as in FROM.
//
// Nothing is remembered outside TO: what stands there is read first and must be the beginning of each key's records in
// FROM, so a killed copy is ended by the next, and a complete one is only compared. At the end TO is read and compared
// as a whole. One copy at a time; nobody else may write to TO.
//   kInvalid      FROM does not exist, is compacted or has a record without a key (TOPIC_UNKNOWN, TOPIC_COMPACTED,
//                 KEY_MISSING)
//   kRefused      TO holds what FROM does not (TOPIC_DIVERGED), or the broadcasts' order differs (BROADCAST_ORDER)
//   kUnavailable  the broker does not answer or confirm: run it again
core::Result<TopicCopyResult> CopyTopic(const KafkaOptions& kafka, events::Publisher& publisher,
                                        const TopicCopyOptions& options);

}  // namespace tilts::kafka
