#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/sha256.hpp"
#include "events/record.hpp"

namespace tilts::kafka {

// Records of one sequence that order matters in: how many, and a hash over each in turn.
struct Lane {
  std::uint64_t count = 0;
  core::Sha256Digest digest{};

  void Add(const events::Record& record, std::uint64_t epoch);
  bool operator==(const Lane&) const = default;
};

// What a topic holds, seen with the partitions of two topics at once: a lane for each pair (partition under FROM's
// count, partition under TO's), which a key is in with all its records, and one lane of broadcasts for each partition
// of TO. A record counts with the broadcasts before it, so that it cannot stand on the wrong side of one.
class Lanes {
 public:
  Lanes(std::int32_t from_partitions, std::int32_t to_partitions);

  // The lane of a key; of a broadcast in a partition of TO.
  Lane& Keyed(const std::string& key);
  Lane& Broadcast(std::int32_t to_partition);
  std::int32_t PartitionInTo(const std::string& key) const;

  const std::vector<Lane>& all() const { return lanes_; }
  std::uint64_t keyed_records() const;
  // Hex, over all lanes.
  std::string Digest() const;

 private:
  std::int32_t from_;
  std::int32_t to_;
  std::vector<Lane> lanes_;  // keyed by from * to_ + to, then to_ of broadcasts
};

// The order of broadcasts over all partitions of a topic, and where each stands.
struct Broadcasts {
  struct InPartition {
    std::size_t first = 0;              // index in `order` of the first that this partition still has
    std::vector<std::int64_t> offsets;  // of that one and the following
  };
  std::vector<std::string> order;  // a hash of each
  std::vector<InPartition> partitions;
  std::size_t complete = 0;  // so many of `order` have reached every partition

  // Offsets [begin, end) of the partition's records between broadcast `epoch` - 1 and broadcast `epoch`.
  std::pair<std::int64_t, std::int64_t> Range(std::int32_t partition, std::size_t epoch, std::int64_t low,
                                              std::int64_t end) const;
};

}  // namespace tilts::kafka
