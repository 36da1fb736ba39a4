#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "events/bus.hpp"
#include "indicator_aggregation/app/event_rows.hpp"

namespace tilts::indicator_aggregation {

using Offsets = std::map<events::TopicPartition, std::int64_t>;
using DeadRecords = std::set<std::pair<events::TopicPartition, std::int64_t>>;

// Reads topics from their beginning, up to exactly the offsets asked for, with a membership of its own: the service's
// own consumer does not notice.
class LogReplay : private events::Subscription::Listener {
 public:
  using Sink = std::function<core::Status(const std::vector<Additions>&)>;

  // `subscription` must outlive it and be of a group that nobody else uses.
  explicit LogReplay(events::Subscription& subscription) : subscription_(subscription) {}

  // Every record before `targets` that was not read yet, `dead` ones left out, a few thousand at a time. May be called
  // again with later targets. While nothing comes the sink is given nothing, so that it can end the reading.
  //   kRefused, reason HISTORY_GONE        a partition no longer begins at 0
  //   kTimeout, reason REPLAY_STALLED      nothing came for a minute
  core::Status ReadUpTo(const Offsets& targets, const DeadRecords& dead, const Sink& sink);

  std::uint64_t records_read() const { return records_read_; }

 private:
  void OnAssigned(const std::vector<events::TopicPartition>& partitions) override;
  void OnRevoked(const std::vector<events::TopicPartition>& partitions, bool lost) override;
  void OnOffsetOutOfRange(const events::TopicPartition& partition) override;

  core::Status Join(const Offsets& targets, const Sink& sink);
  core::Status Seek(const Offsets& targets);
  bool Reached(const Offsets& targets) const;

  events::Subscription& subscription_;
  bool started_ = false;
  bool lost_ = false;
  std::set<events::TopicPartition> assigned_;
  Offsets next_;
  std::uint64_t records_read_ = 0;
};

}  // namespace tilts::indicator_aggregation
