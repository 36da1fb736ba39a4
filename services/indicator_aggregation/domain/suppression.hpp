#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tilts::indicator_aggregation {

// One cell of a table that belongs together: an indicator of one school year and municipality.
struct TableCell {
  std::string institution_id;  // empty: the municipality
  std::string category;        // empty: the total
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;  // 0: a count
  bool suppressed = false;
};

// Suppresses small cells: 0 < k < smallest, and of a share also 0 < n - k < smallest. Then as many others as it takes
// that no suppressed cell can be had by subtracting: a line (the categories of an institution with their total, or a
// category over all institutions with the municipality's) never has exactly one.
void Suppress(std::vector<TableCell>& table, std::int64_t smallest);

}  // namespace tilts::indicator_aggregation
