#include "indicator_aggregation/adapters/comparison.hpp"

#include "core/concat.hpp"
#include "indicator_aggregation/adapters/snapshot.hpp"
#include "indicator_aggregation/adapters/tables.hpp"

namespace tilts::indicator_aggregation {
namespace {

struct Compared {
  const char* table;
  const char* key;   // columns of the primary key
  const char* name;  // an expression over the columns of `k`
};

constexpr Compared kCompared[] = {
    {"indicator_value", "indicator_id, definition_version, school_year, municipality, institution_id, category",
     "concat_ws('/', 'indicator', indicator_id, school_year, municipality, institution_id, category)"},
    {"membership",
     "indicator_id, definition_version, school_year, municipality, institution_id, category, side, subject_id",
     "concat_ws('/', 'member', indicator_id, school_year, municipality, institution_id, category, subject_id)"},
    {"hour_count", "indicator_id, definition_version, school_year, municipality, institution_id, category, hours",
     "concat_ws('/', 'hours', indicator_id, school_year, municipality, institution_id, category, hours)"},
    {"fact_row", "record_id", "'row/' || encode(record_id, 'hex')"},
    {"attendance_row", "record_id", "'attendance/' || encode(record_id, 'hex')"},
    {"school_day", "day", "'school-day/' || day"},
    {"current_year", "only_one", "'current-year'"},
};

core::Status CompareOne(postgres::UnitOfWork& unit, const Compared& each, int most_found, Comparison& comparison) {
  const std::string rebuilt = Tables::Rebuilt().Name(each.table);
  const std::string joined = core::Concat(" FROM ", each.table, " l FULL JOIN ", rebuilt, " r USING (", each.key, ")");
  TILTS_ASSIGN(
      const auto counts,
      unit.Exec(core::Concat("SELECT count(*), count(*) FILTER (WHERE ROW(l.*) IS DISTINCT FROM ROW(r.*))", joined)));
  comparison.compared += static_cast<std::uint64_t>(counts.front().Int(0));
  comparison.differences += static_cast<std::uint64_t>(counts.front().Int(1));
  const int room = most_found - static_cast<int>(comparison.found.size());
  if (counts.front().Int(1) == 0 || room <= 0) return {};
  TILTS_ASSIGN(const auto rows,
               unit.Exec(core::Concat("SELECT ", each.name,
                                      ", CASE WHEN l.tableoid IS NULL THEN 'missing' "
                                      "WHEN r.tableoid IS NULL THEN 'superfluous' ELSE 'differs' END",
                                      joined, " WHERE ROW(l.*) IS DISTINCT FROM ROW(r.*) ORDER BY 1 LIMIT $1"),
                         {room}));
  for (const postgres::Row row : rows) comparison.found.push_back({row.Text(0), row.Text(1)});
  return {};
}

}  // namespace

core::Result<Comparison> CompareTables(postgres::UnitOfWork& unit, int most_found) {
  Comparison comparison;
  for (const Compared& each : kCompared) TILTS_CHECK(CompareOne(unit, each, most_found, comparison));
  TILTS_ASSIGN(comparison.live_digest, TablesDigest(unit, Tables::Live()));
  TILTS_ASSIGN(comparison.rebuilt_digest, TablesDigest(unit, Tables::Rebuilt()));
  return comparison;
}

core::Status MakeRebuiltTables(postgres::UnitOfWork& unit) {
  for (const std::string_view table : kDerivedTables) {
    TILTS_CHECK(unit.ExecScript(core::Concat("CREATE TABLE ", Tables::Rebuilt().Name(table), " (LIKE ", table,
                                             " INCLUDING ALL) WITH (fillfactor = 80)")));
  }
  return unit.ExecScript(Tables::Rebuilt().Sql("INSERT INTO {current_year} (school_year) VALUES ('')"));
}

core::Status SwitchTables(postgres::UnitOfWork& unit) {
  for (const std::string_view table : kDerivedTables) {
    TILTS_CHECK(unit.ExecScript(
        core::Concat("DROP TABLE ", table, "; ALTER TABLE ", Tables::Rebuilt().Name(table), " RENAME TO ", table)));
  }
  return {};
}

}  // namespace tilts::indicator_aggregation
