#pragma once

#include <chrono>
#include <deque>
#include <map>

#include "events/consumer_runner.hpp"

namespace tilts::backbone {

// Since when the oldest unread record waits, from what successive looks saw: a record was there at the latest when an
// end above its offset was first seen. So it is never too much, and too little by at most the time between two looks;
// a new process begins anew.
class LagAge {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  std::chrono::nanoseconds Oldest(const events::RunnerStatus& status, Instant now);

 private:
  struct Seen {
    std::int64_t end = 0;
    Instant at{};
  };
  Instant Since(const events::PartitionStatus& partition, Instant now);

  std::map<events::TopicPartition, std::deque<Seen>> seen_;  // ends rise; those that were read are forgotten
};

}  // namespace tilts::backbone
