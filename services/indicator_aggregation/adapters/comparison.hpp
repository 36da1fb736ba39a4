#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::indicator_aggregation {

struct Found {
  std::string object_id;  // "indicator/<id>/<year>/…", "row/<record id>", "attendance/<record id>" …
  std::string what;       // "differs", "missing", "superfluous"
};

struct Comparison {
  std::uint64_t compared = 0;
  std::uint64_t differences = 0;
  std::vector<Found> found;  // the first ones
  std::string live_digest;
  std::string rebuilt_digest;
};

// The live tables beside the rebuilt ones, row by row, values first.
core::Result<Comparison> CompareTables(postgres::UnitOfWork& unit, int most_found);

// Empty tables like the live ones, with their indexes, and the live ones replaced by them.
core::Status MakeRebuiltTables(postgres::UnitOfWork& unit);
core::Status SwitchTables(postgres::UnitOfWork& unit);

}  // namespace tilts::indicator_aggregation
