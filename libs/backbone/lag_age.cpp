#include "backbone/lag_age.hpp"

#include <algorithm>

namespace tilts::backbone {
namespace {

// A backlog of hours needs no finer steps: the oldest look matters, and the newest.
constexpr std::size_t kMostLooks = 1'000;

}  // namespace

std::chrono::nanoseconds LagAge::Oldest(const events::RunnerStatus& status, Instant now) {
  Instant oldest = now;
  for (const auto* list : {&status.partitions, &status.others}) {
    for (const events::PartitionStatus& partition : *list) oldest = std::min(oldest, Since(partition, now));
  }
  return now - oldest;
}

LagAge::Instant LagAge::Since(const events::PartitionStatus& partition, Instant now) {
  std::deque<Seen>& looks = seen_[partition.at];
  if (looks.empty() || partition.end_offset > looks.back().end) looks.push_back({partition.end_offset, now});
  while (!looks.empty() && looks.front().end <= partition.stored_offset) looks.pop_front();
  if (looks.size() > kMostLooks) looks.erase(looks.begin() + 1);
  return looks.empty() ? now : looks.front().at;
}

}  // namespace tilts::backbone
