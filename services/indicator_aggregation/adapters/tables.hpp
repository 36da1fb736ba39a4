#pragma once

#include <string>
#include <string_view>

namespace tilts::indicator_aggregation {

// The tables derived from the log, by name: the live ones, or those a rebuild fills beside them.
struct Tables {
  std::string prefix;

  static Tables Live() { return {}; }
  static Tables Rebuilt() { return {"rebuilt_"}; }

  std::string Name(std::string_view table) const { return prefix + std::string(table); }
  // `sql` with every "{table}" replaced by its name.
  std::string Sql(std::string_view sql) const;
};

inline constexpr std::string_view kDerivedTables[] = {"fact_row",   "attendance_row", "school_day",     "current_year",
                                                      "membership", "hour_count",     "indicator_value"};

}  // namespace tilts::indicator_aggregation
