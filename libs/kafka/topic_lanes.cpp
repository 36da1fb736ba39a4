#include "kafka/topic_lanes.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "events/in_memory_bus.hpp"

namespace tilts::kafka {
namespace {

// Lengths in front keep ("ab", "c") and ("a", "bc") apart.
void Append(std::string& text, std::string_view part) {
  text.append(std::to_string(part.size())).append(":").append(part);
}

std::string_view Bytes(const core::Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

void Lane::Add(const events::Record& record, std::uint64_t epoch) {
  std::string text(Bytes(digest));
  Append(text, std::to_string(epoch));
  Append(text, record.key);
  Append(text, record.value);
  for (const events::Header& header : record.headers) {
    Append(text, header.name);
    Append(text, header.value);
  }
  digest = core::Sha256(text);
  ++count;
}

Lanes::Lanes(std::int32_t from_partitions, std::int32_t to_partitions)
    : from_(from_partitions),
      to_(to_partitions),
      lanes_(static_cast<std::size_t>(from_partitions + 1) * static_cast<std::size_t>(to_partitions)) {}

Lane& Lanes::Keyed(const std::string& key) {
  return lanes_[static_cast<std::size_t>(events::PartitionOf(key, from_) * to_ + PartitionInTo(key))];
}

Lane& Lanes::Broadcast(std::int32_t to_partition) {
  return lanes_[static_cast<std::size_t>(from_ * to_ + to_partition)];
}

std::int32_t Lanes::PartitionInTo(const std::string& key) const {
  return events::PartitionOf(key, to_);
}

std::uint64_t Lanes::keyed_records() const {
  return std::accumulate(lanes_.begin(), lanes_.end() - to_, std::uint64_t{0},
                         [](std::uint64_t sum, const Lane& lane) { return sum + lane.count; });
}

std::string Lanes::Digest() const {
  std::string text;
  for (const Lane& lane : lanes_) text.append(std::to_string(lane.count)).append(Bytes(lane.digest));
  return core::Hex(core::Sha256(text));
}

std::pair<std::int64_t, std::int64_t> Broadcasts::Range(std::int32_t partition, std::size_t epoch, std::int64_t low,
                                                        std::int64_t end) const {
  const InPartition& own = partitions[static_cast<std::size_t>(partition)];
  if (epoch < own.first) return {low, low};
  const std::size_t before = epoch - own.first;
  const std::int64_t from = before == 0 ? low : own.offsets[before - 1] + 1;
  return {from, before < own.offsets.size() ? own.offsets[before] : end};
}

}  // namespace tilts::kafka
