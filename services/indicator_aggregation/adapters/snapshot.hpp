#pragma once

#include <map>
#include <string>
#include <utility>

#include "core/result.hpp"
#include "events/record.hpp"
#include "indicator_aggregation/adapters/tables.hpp"
#include "postgres/database.hpp"

namespace tilts::indicator_aggregation {

inline constexpr char kGroup[] = "indicator-aggregation";

core::Status LockForReading(postgres::UnitOfWork& unit);

// Reads tables, offsets and digest of one moment. The tables are locked before the moment is chosen, so that a rebuild
// that switches meanwhile is seen whole or not at all.
template <typename Work>
auto ReadOneMoment(postgres::Database& database, Work work) {
  using Outcome = std::invoke_result_t<Work, postgres::UnitOfWork&>;
  return database.Transact(
      [&](postgres::UnitOfWork& unit) -> Outcome {
        TILTS_CHECK(LockForReading(unit));
        return work(unit);
      },
      {postgres::Isolation::kRepeatableRead, false, std::chrono::milliseconds(0)});
}

// "<topic>=<sum of stored offsets>" for every topic, by name.
core::Result<std::string> WatermarkOf(postgres::UnitOfWork& unit);
core::Result<std::map<events::TopicPartition, std::int64_t>> OffsetsOf(postgres::UnitOfWork& unit);
// SHA-256, hex, of all values in the order of their keys.
core::Result<std::string> ValuesDigest(postgres::UnitOfWork& unit, const Tables& tables);
// SHA-256, hex, of every derived table.
core::Result<std::string> TablesDigest(postgres::UnitOfWork& unit, const Tables& tables);

}  // namespace tilts::indicator_aggregation
