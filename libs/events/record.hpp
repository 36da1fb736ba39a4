#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tilts::events {

struct Header {
  std::string name;
  std::string value;

  bool operator==(const Header&) const = default;
};

struct TopicPartition {
  std::string topic;
  std::int32_t partition = 0;

  auto operator<=>(const TopicPartition&) const = default;
};

// The next offset to read of one partition.
struct Position {
  TopicPartition at;
  std::int64_t offset = 0;

  bool operator==(const Position&) const = default;
};

// What is about to be published. Made by MakeDraft (libs/events/draft.hpp), stored by UnitOfWork::Emit or handed to
// a Publisher. `value` is a serialised tilts.events.v1.Envelope; `partition` is set for broadcasts only.
struct OutgoingRecord {
  std::string topic;
  std::string key;
  std::optional<std::int32_t> partition;
  std::string event_id;
  std::string value;
  std::vector<Header> headers;

  bool operator==(const OutgoingRecord&) const = default;
};
using Draft = OutgoingRecord;

// What was read from a partition. Bytes are copies: nothing of the client library is held.
struct Record {
  TopicPartition at;
  std::int64_t offset = 0;
  std::string key;
  std::string value;
  std::vector<Header> headers;
};

// The largest value a record may have; Emit and Publish refuse more, so that no row can block the relay.
inline constexpr std::size_t kMaxRecordBytes = 900'000;

}  // namespace tilts::events
