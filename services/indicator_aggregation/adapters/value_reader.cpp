#include "indicator_aggregation/adapters/value_reader.hpp"

namespace tilts::indicator_aggregation {
namespace {

// What is counted, without frozen years; and what is frozen, beside what would be counted now.
constexpr char kValues[] =
    "SELECT indicator_id, definition_version, school_year, municipality, institution_id, category, numerator, "
    "denominator, false, false FROM indicator_value v WHERE indicator_id = $1 AND ($2 = '' OR school_year = $2) AND "
    "NOT EXISTS (SELECT FROM frozen_year y WHERE y.school_year = v.school_year) UNION ALL "
    "SELECT f.indicator_id, f.definition_version, f.school_year, f.municipality, f.institution_id, f.category, "
    "f.numerator, f.denominator, true, (f.numerator, f.denominator) IS DISTINCT FROM (v.numerator, v.denominator) "
    "FROM frozen_value f LEFT JOIN indicator_value v USING (indicator_id, definition_version, school_year, "
    "municipality, institution_id, category) WHERE f.indicator_id = $1 AND ($2 = '' OR f.school_year = $2)";

}  // namespace

core::Result<std::vector<StoredValue>> ValuesOf(postgres::UnitOfWork& unit, const std::string& indicator_id,
                                                const std::string& school_year) {
  TILTS_ASSIGN(const auto rows, unit.Exec(kValues, {indicator_id, school_year}));
  std::vector<StoredValue> values;
  for (const postgres::Row row : rows) {
    values.push_back({{row.Text(0), static_cast<int>(row.Int(1)), row.Text(2), row.Text(3), row.Text(4), row.Text(5)},
                      {row.Int(6), row.Int(7)},
                      row.Bool(8),
                      row.Bool(9)});
  }
  return values;
}

}  // namespace tilts::indicator_aggregation
