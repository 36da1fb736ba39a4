#include "indicator_aggregation/adapters/value_reader.hpp"

namespace tilts::indicator_aggregation {

core::Result<std::vector<StoredValue>> ValuesOf(postgres::UnitOfWork& unit, const std::string& indicator_id,
                                                const std::string& school_year) {
  TILTS_ASSIGN(const auto rows,
               unit.Exec("SELECT indicator_id, definition_version, school_year, municipality, institution_id, "
                         "category, numerator, denominator FROM indicator_value WHERE indicator_id = $1 AND "
                         "($2 = '' OR school_year = $2)",
                         {indicator_id, school_year}));
  std::vector<StoredValue> values;
  for (const postgres::Row row : rows) {
    values.push_back({{row.Text(0), static_cast<int>(row.Int(1)), row.Text(2), row.Text(3), row.Text(4), row.Text(5)},
                      {row.Int(6), row.Int(7)}});
  }
  return values;
}

}  // namespace tilts::indicator_aggregation
