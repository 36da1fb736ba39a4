#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "notification/app/mailing.hpp"
#include "postgres/database.hpp"

namespace tilts::notification {

// Each institution's own feed: cursors from 1 without gaps, in the order of commits.
class FeedStore {
 public:
  // Once per (institution, event).
  static core::Status Append(postgres::UnitOfWork& unit, const Mailing& mailing);

  // Items after `cursor`. kInvalid, reason CURSOR_UNKNOWN: a cursor this feed never gave.
  static core::Result<v1::ReadFeedResponse> Read(postgres::Database& database, const std::string& institution_id,
                                                 std::uint64_t cursor, std::uint32_t limit);

  // The last cursor of each of these feeds; a feed without items is absent.
  static core::Result<std::map<std::string, std::uint64_t>> Heads(postgres::Database& database,
                                                                  const std::vector<std::string>& institutions);
};

}  // namespace tilts::notification
