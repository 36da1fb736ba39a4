#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "events/bus.hpp"
#include "kafka/kafka_options.hpp"

namespace tilts::kafka {

// Reads one partition at a time from where it is told, without a group: nobody's assignment or progress changes. For
// replays beside the live consumer. From one thread.
class LogReader {
 public:
  static core::Result<std::unique_ptr<LogReader>> Create(const KafkaOptions& options);
  ~LogReader();
  LogReader(const LogReader&) = delete;
  LogReader& operator=(const LogReader&) = delete;

  // Low and end of each; asks the broker.
  core::Result<std::vector<events::Watermarks>> Describe(const std::vector<events::TopicPartition>& partitions);
  // The next Read begins here; what was read ahead of another position is dropped.
  core::Status Seek(const events::Position& position);
  // Up to `most` records in order; fewer, or none, when no more came within `wait`. kRefused with reason
  // OFFSET_OUT_OF_RANGE when the position does not exist.
  core::Result<std::vector<events::Record>> Read(std::size_t most, std::chrono::milliseconds wait);

 private:
  struct Parts;
  explicit LogReader(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::kafka
