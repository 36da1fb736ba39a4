#include "indicator_aggregation/domain/suppression.hpp"

#include <map>

namespace tilts::indicator_aggregation {
namespace {

using Line = std::vector<TableCell*>;

bool IsSmall(const TableCell& cell, std::int64_t smallest) {
  const auto small = [&](std::int64_t count) { return count > 0 && count < smallest; };
  return small(cell.numerator) || (cell.denominator > 0 && small(cell.denominator - cell.numerator));
}

// Which cell of the line goes with the only suppressed one: the smallest part that is not zero, else the sum.
TableCell* Companion(const Line& line, const TableCell* sum) {
  TableCell* chosen = nullptr;
  for (TableCell* cell : line) {
    if (cell->suppressed || cell == sum || cell->numerator == 0) continue;
    if (chosen == nullptr || cell->numerator < chosen->numerator) chosen = cell;
  }
  if (chosen != nullptr) return chosen;
  for (TableCell* cell : line) {
    if (!cell->suppressed && cell == sum) return cell;
  }
  return nullptr;
}

// True when the line changed.
bool Protect(const Line& line, const TableCell* sum) {
  if (sum == nullptr || line.size() < 2) return false;
  int suppressed = 0;
  for (const TableCell* cell : line) suppressed += cell->suppressed ? 1 : 0;
  if (suppressed != 1) return false;
  TableCell* companion = Companion(line, sum);
  if (companion == nullptr) return false;
  companion->suppressed = true;
  return true;
}

struct Lines {
  std::map<std::string, Line> lines;
  std::map<std::string, const TableCell*> sums;

  void Add(const std::string& line, TableCell& cell, bool is_sum) {
    lines[line].push_back(&cell);
    if (is_sum) sums[line] = &cell;
  }
  bool Protect() {
    bool changed = false;
    for (const auto& [name, line] : lines) {
      const auto sum = sums.find(name);
      changed |= indicator_aggregation::Protect(line, sum == sums.end() ? nullptr : sum->second);
    }
    return changed;
  }
};

}  // namespace

void Suppress(std::vector<TableCell>& table, std::int64_t smallest) {
  Lines by_institution;
  Lines by_category;
  for (TableCell& cell : table) {
    cell.suppressed = IsSmall(cell, smallest);
    by_institution.Add(cell.institution_id, cell, cell.category.empty());
    by_category.Add(cell.category, cell, cell.institution_id.empty());
  }
  for (bool again = true; again;) {
    again = by_institution.Protect();
    again = by_category.Protect() || again;
  }
}

}  // namespace tilts::indicator_aggregation
