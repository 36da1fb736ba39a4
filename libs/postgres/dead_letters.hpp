#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "postgres/database.hpp"

namespace tilts::postgres {

struct DeadLetter {
  std::int64_t id = 0;
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string aggregate_id;  // envelope subject; the record key when the envelope cannot be read
  std::string event_id;
  std::string event_type;
  std::string code;    // core::Errc in words
  std::string reason;  // stable upper-case word; PARKED_BEHIND for records that wait behind a letter
  std::int32_t attempts = 0;
  core::CityTime parked_at;
  std::uint64_t parked_behind = 0;  // later records of the same aggregate that wait
};

// What could not be processed, kept with its bytes until it is re-driven (SqlBatchProcessor::Redrive). The first
// letter of an aggregate parks the aggregate: its later records wait behind it in order.
class DeadLetters {
 public:
  DeadLetters(Database& database, std::string group) : database_(database), group_(std::move(group)) {}

  // What failed, without what only waits behind it; oldest first, after id `after`.
  core::Result<std::vector<DeadLetter>> List(std::int64_t after, int limit) const;
  core::Result<DeadLetter> Find(std::int64_t id) const;  // kNotFound
  core::Result<std::uint64_t> CountBlocking() const;     // every record that waits, failed or behind one

 private:
  Database& database_;
  std::string group_;
};

}  // namespace tilts::postgres
