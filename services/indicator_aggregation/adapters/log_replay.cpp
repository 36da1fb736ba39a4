#include "indicator_aggregation/adapters/log_replay.hpp"

#include <chrono>

#include "events/dispatcher.hpp"

namespace tilts::indicator_aggregation {
namespace {

using events::TopicPartition;

constexpr std::size_t kRecordsAtOnce = 2'000;
constexpr std::chrono::milliseconds kWait{200};
constexpr int kMostIdleWaits = 300;

// What the consumer's handlers do, without a store. What cannot be read or counted became a dead letter there too.
const events::Dispatcher<std::vector<Additions>>& Readers() {
  static const events::Dispatcher<std::vector<Additions>> readers = [] {
    events::Dispatcher<std::vector<Additions>> made;
    ForEachCountedEvent([&]<typename Event>(const Event&) {
      made.On<Event>([](std::vector<Additions>& list, const Envelope& envelope, const Event& event) -> core::Status {
        TILTS_ASSIGN(Additions additions, AdditionsOf(envelope, event));
        list.push_back(std::move(additions));
        return {};
      });
    });
    return made;
  }();
  return readers;
}

void ReadInto(std::vector<Additions>& list, const events::Record& record) {
  const auto envelope = events::Decode(record.value);
  if (envelope) static_cast<void>(Readers().Dispatch(list, *envelope));
}

}  // namespace

void LogReplay::OnAssigned(const std::vector<TopicPartition>& partitions) {
  assigned_ = {partitions.begin(), partitions.end()};
}
void LogReplay::OnRevoked(const std::vector<TopicPartition>&, bool) {
  assigned_.clear();
}
void LogReplay::OnOffsetOutOfRange(const TopicPartition&) {
  lost_ = true;
}

core::Status LogReplay::Join(const Offsets& targets, const Sink& sink) {
  if (!started_) TILTS_CHECK(subscription_.Start(*this));
  started_ = true;
  const auto missing = [&] {
    for (const auto& [at, target] : targets) {
      if (!assigned_.contains(at)) return true;
    }
    return false;
  };
  for (int waits = 0; missing(); ++waits) {
    if (waits > kMostIdleWaits)
      return core::Fail(core::Errc::kTimeout, "the group gave no partitions", "REPLAY_STALLED");
    TILTS_CHECK(subscription_.Poll(kWait));
    TILTS_CHECK(sink({}));
  }
  std::vector<TopicPartition> partitions;
  for (const auto& [at, target] : targets) partitions.push_back(at);
  TILTS_ASSIGN(const auto marks, subscription_.Describe(partitions));
  for (const events::Watermarks& mark : marks) lost_ |= mark.low > 0;
  if (!lost_) return {};
  return core::Fail(core::Errc::kRefused, "the log no longer begins at its beginning", "HISTORY_GONE");
}

core::Status LogReplay::Seek(const Offsets& targets) {
  std::vector<events::Position> positions;
  for (const auto& [at, target] : targets) {
    if (next_[at] < target) positions.push_back({at, next_[at]});
  }
  return subscription_.Assign(positions);
}

bool LogReplay::Reached(const Offsets& targets) const {
  for (const auto& [at, target] : targets) {
    if (const auto next = next_.find(at); target > 0 && (next == next_.end() || next->second < target)) return false;
  }
  return true;
}

core::Status LogReplay::ReadUpTo(const Offsets& targets, const DeadRecords& dead, const Sink& sink) {
  if (Reached(targets)) return {};
  TILTS_CHECK(Join(targets, sink));
  TILTS_CHECK(Seek(targets));
  std::vector<Additions> batch;
  for (int idle = 0; !Reached(targets);) {
    TILTS_ASSIGN(const auto record, subscription_.Poll(kWait));
    if (lost_) return core::Fail(core::Errc::kRefused, "the log was cut off while it was read", "HISTORY_GONE");
    if (!record) {
      TILTS_CHECK(sink({}));
      if (++idle > kMostIdleWaits) return core::Fail(core::Errc::kTimeout, "nothing more came", "REPLAY_STALLED");
      continue;
    }
    idle = 0;
    const auto target = targets.find(record->at);
    // Beyond the target it is read when a later one is asked for.
    if (target == targets.end() || record->offset >= target->second || record->offset != next_[record->at]) continue;
    next_[record->at] = record->offset + 1;
    ++records_read_;
    if (!dead.contains({record->at, record->offset})) ReadInto(batch, *record);
    if (batch.size() < kRecordsAtOnce) continue;
    TILTS_CHECK(sink(batch));
    batch.clear();
  }
  return batch.empty() ? core::Status{} : sink(batch);
}

}  // namespace tilts::indicator_aggregation
