#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/result.hpp"
#include "events/record.hpp"

namespace tilts::events {

class Publisher {
 public:
  virtual ~Publisher() = default;

  // Returns when the broker has acknowledged every record (all in-sync replicas), or with an error; then the
  // outcome of each record is unknown and the same records may be sent again with the same ids. Of the records of one
  // partition that one call sends, what arrives is always a prefix: a gap never becomes visible. Thread-safe.
  //   kInvalid      a record is too large or names a topic that does not exist (reason RECORD_TOO_LARGE, TOPIC_UNKNOWN)
  //   kUnavailable  not all reports came within the limit (reason PUBLISH_UNCONFIRMED)
  virtual core::Status Publish(std::span<const OutgoingRecord> records) = 0;
};

// First kept offset and end (highest acknowledged + 1) of a partition.
struct Watermarks {
  std::int64_t low = 0;
  std::int64_t end = 0;
};

// A member of a consumer group. Eager: all partitions are revoked before others are assigned. Offsets are not kept
// here: whoever is assigned partitions says where to read (Assign). All calls from one thread, but Describe and
// Partitions.
class Subscription {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    // Called from within Poll. Nothing is delivered until Assign names positions.
    virtual void OnAssigned(const std::vector<TopicPartition>& partitions) = 0;
    // Called from within Poll and Close; what is in hand is to be dropped. `lost`: others may own them already.
    virtual void OnRevoked(const std::vector<TopicPartition>& partitions, bool lost) = 0;
    // The position of this partition does not exist (auto.offset.reset=error): never skipped silently.
    virtual void OnOffsetOutOfRange(const TopicPartition& partition) = 0;
  };

  virtual ~Subscription() = default;

  virtual core::Status Start(Listener& listener) = 0;
  // Where to read: replaces the positions of all assigned partitions at once (also used to seek) and ends every
  // pause; those not named stay assigned but silent.
  virtual core::Status Assign(const std::vector<Position>& positions) = 0;
  // One record, or nothing within `wait`. Errors that the client heals by itself are not returned; one that is
  // (reason MEMBER_FENCED: another process took this member's identity) comes after `wait` and every time. Once
  // (GROUP_STRANDED) when the member was outside its group for too long and begins anew.
  virtual core::Result<std::optional<Record>> Poll(std::chrono::milliseconds wait) = 0;
  // The same into a record that was used before, whose memory is used again. False: there was none within `wait`.
  virtual core::Result<bool> PollInto(std::chrono::milliseconds wait, Record& record) {
    TILTS_ASSIGN(auto polled, Poll(wait));
    if (!polled) return false;
    record = *std::move(polled);
    return true;
  }
  virtual core::Status Pause(const std::vector<TopicPartition>& partitions) = 0;
  virtual core::Status Resume(const std::vector<TopicPartition>& partitions) = 0;
  // Asks the broker; in the order of `partitions`. Safe from any thread.
  virtual core::Result<std::vector<Watermarks>> Describe(const std::vector<TopicPartition>& partitions) = 0;
  // Every partition of the subscribed topics, whoever owns it; none of a topic that does not exist yet. Safe from any
  // thread.
  virtual core::Result<std::vector<TopicPartition>> Partitions() = 0;
  // Leaves the group within a bounded time; calls OnRevoked.
  virtual void Close() = 0;
};

}  // namespace tilts::events
