#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "indicator_aggregation/domain/definition.hpp"
#include "indicator_aggregation/domain/row.hpp"

namespace tilts::indicator_aggregation {

// Where a number of an indicator stands. Empty institution: the municipality; empty category: the total.
struct Cell {
  std::string indicator_id;
  int definition_version = 0;
  std::string school_year;
  std::string municipality;
  std::string institution_id;
  std::string category;

  auto operator<=>(const Cell&) const = default;
};

enum class Side { kNumerator = 0, kDenominator = 1 };

// One learner's presence in a distinctly counted cell.
struct Member {
  Cell cell;
  Side side = Side::kNumerator;
  std::string subject_id;

  auto operator<=>(const Member&) const = default;
};

// How many took that many hours, begun ones counted as whole.
struct HourBucket {
  Cell cell;
  std::int64_t hours = 0;

  auto operator<=>(const HourBucket&) const = default;
};

// Of a median: the hours, and how many there were.
struct Numbers {
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;

  auto operator<=>(const Numbers&) const = default;
};

// How many rows stand behind cells and members; also the difference that changed rows make to them. Adding with -1 what
// was added with 1 leaves nothing.
struct Tally {
  std::map<Cell, Numbers> records;           // cells that count rows
  std::map<Member, std::int64_t> members;    // rows of each learner in cells that count learners
  std::map<HourBucket, std::int64_t> hours;  // rows of each length in cells that take a median

  void Add(Side side, const Cell& cell, std::int64_t rows);
  void Add(const Member& member, std::int64_t rows);
  void Add(const HourBucket& bucket, std::int64_t rows);
};

// Adds what the rows count as, `sign` times. All enrolments of a pupil must come together: whether one was the last
// depends on the others. An open enrolment counts in every school year up to `current_year` (empty: its first only).
void Count(const Definitions& definitions, const std::vector<Row>& rows, const std::string& current_year, int sign,
           Tally& tally);

// Values from a whole tally: cells with neither number are left out.
std::map<Cell, Numbers> ValuesOf(const Tally& tally);

}  // namespace tilts::indicator_aggregation
