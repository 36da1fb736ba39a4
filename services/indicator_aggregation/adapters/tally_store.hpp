#pragma once

#include "core/result.hpp"
#include "indicator_aggregation/adapters/tables.hpp"
#include "indicator_aggregation/domain/tally.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::indicator_aggregation {

// membership, hour_count and indicator_value.
class TallyStore {
 public:
  explicit TallyStore(Tables tables) : tables_(std::move(tables)) {}

  // Adds the difference; a learner counts when the first of its rows comes and no more when the last one goes. Nothing
  // that is zero stays, so that equal histories leave equal tables.
  core::Status Apply(postgres::UnitOfWork& unit, const Tally& difference) const;

 private:
  core::Status ApplyMembers(postgres::UnitOfWork& unit, const Tally& difference, std::map<Cell, Numbers>& cells) const;
  core::Status ApplyCells(postgres::UnitOfWork& unit, const std::map<Cell, Numbers>& cells) const;
  core::Status ApplyHours(postgres::UnitOfWork& unit, const Tally& difference) const;

  Tables tables_;
};

}  // namespace tilts::indicator_aggregation
