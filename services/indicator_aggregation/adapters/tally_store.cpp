#include "indicator_aggregation/adapters/tally_store.hpp"

#include <algorithm>

namespace tilts::indicator_aggregation {
namespace {

struct CellColumns {
  std::vector<std::string> ids, years, municipalities, institutions, categories;
  std::vector<std::int64_t> versions;

  void Add(const Cell& cell) {
    ids.push_back(cell.indicator_id);
    versions.push_back(cell.definition_version);
    years.push_back(cell.school_year);
    municipalities.push_back(cell.municipality);
    institutions.push_back(cell.institution_id);
    categories.push_back(cell.category);
  }
  postgres::Params With(postgres::Params more) const {
    postgres::Params params{ids, versions, years, municipalities, institutions, categories};
    params.insert(params.end(), more.begin(), more.end());
    return params;
  }
};

Cell CellOf(const postgres::Row& row) {
  return {row.Text(0), static_cast<int>(row.Int(1)), row.Text(2), row.Text(3), row.Text(4), row.Text(5)};
}

#define TILTS_CELL "indicator_id, definition_version, school_year, municipality, institution_id, category"

// In the order of the key, so that two workers lock the same rows in the same order. A counter that left or reached
// zero changes its cell by one.
constexpr char kMembers[] =
    "WITH delta AS (SELECT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], "
    "$7::smallint[], $8::text[], $9::bigint[]) AS d(" TILTS_CELL
    ", side, subject_id, change)), "
    "counted AS (INSERT INTO {membership} AS m (" TILTS_CELL
    ", side, subject_id, row_count) SELECT * FROM delta ORDER BY 1, 3, 4, 5, 6, 7, 8, 2 "
    "ON CONFLICT (" TILTS_CELL
    ", side, subject_id) DO UPDATE SET row_count = m.row_count + EXCLUDED.row_count RETURNING *) "
    "SELECT " TILTS_CELL
    ", side, sum(CASE WHEN row_count > 0 AND row_count - change <= 0 THEN 1 "
    "WHEN row_count <= 0 AND row_count - change > 0 THEN -1 ELSE 0 END) FROM counted JOIN delta USING (" TILTS_CELL
    ", side, subject_id) GROUP BY " TILTS_CELL ", side";

constexpr char kEmptyMembers[] =
    "DELETE FROM {membership} m USING unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], "
    "$6::text[], $7::smallint[], $8::text[], $9::bigint[]) AS d(" TILTS_CELL
    ", side, subject_id, change) WHERE m.indicator_id = d.indicator_id AND "
    "m.definition_version = d.definition_version AND m.school_year = d.school_year AND "
    "m.municipality = d.municipality AND m.institution_id = d.institution_id AND m.category = d.category AND "
    "m.side = d.side AND m.subject_id = d.subject_id AND m.row_count = 0";

constexpr char kValues[] =
    "INSERT INTO {indicator_value} AS v (" TILTS_CELL
    ", numerator, denominator) SELECT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], "
    "$6::text[], $7::bigint[], $8::bigint[]) ORDER BY 1, 3, 4, 5, 6, 2 ON CONFLICT (" TILTS_CELL
    ") DO UPDATE SET numerator = v.numerator + EXCLUDED.numerator, denominator = v.denominator + EXCLUDED.denominator";

constexpr char kEmptyValues[] =
    "DELETE FROM {indicator_value} v USING unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], "
    "$6::text[]) AS d(" TILTS_CELL
    ") WHERE v.indicator_id = d.indicator_id AND v.definition_version = d.definition_version AND "
    "v.school_year = d.school_year AND v.municipality = d.municipality AND v.institution_id = d.institution_id AND "
    "v.category = d.category AND v.numerator = 0 AND v.denominator = 0";

// A median depends on the cell's other rows: whoever changes it holds the cell first, in the order of the key.
constexpr char kHoldCells[] =
    "INSERT INTO {indicator_value} AS v (" TILTS_CELL
    ", numerator, denominator) SELECT DISTINCT c.*, 0, 0 FROM unnest($1::text[], $2::integer[], $3::text[], "
    "$4::text[], $5::text[], $6::text[]) AS c(" TILTS_CELL ") ORDER BY 1, 3, 4, 5, 6, 2 ON CONFLICT (" TILTS_CELL
    ") DO UPDATE SET numerator = v.numerator";

constexpr char kHours[] =
    "INSERT INTO {hour_count} AS h (" TILTS_CELL
    ", hours, row_count) SELECT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], "
    "$6::text[], $7::bigint[], $8::bigint[]) ON CONFLICT (" TILTS_CELL
    ", hours) DO UPDATE SET row_count = h.row_count + EXCLUDED.row_count";

constexpr char kEmptyHours[] =
    "DELETE FROM {hour_count} h USING unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], "
    "$6::text[], $7::bigint[]) AS d(" TILTS_CELL
    ", hours) WHERE h.indicator_id = d.indicator_id AND h.definition_version = d.definition_version AND "
    "h.school_year = d.school_year AND h.municipality = d.municipality AND h.institution_id = d.institution_id AND "
    "h.category = d.category AND h.hours = d.hours AND h.row_count = 0";

// The fewest hours by which half of a cell's rows were over, and how many rows it has.
constexpr char kMedians[] =
    "UPDATE {indicator_value} v SET numerator = m.median, denominator = m.total FROM (SELECT " TILTS_CELL
    ", coalesce(min(hours) FILTER (WHERE 2 * reached >= total), 0) AS median, coalesce(max(total), 0) AS total FROM "
    "(SELECT " TILTS_CELL ", h.hours, sum(h.row_count) OVER (PARTITION BY " TILTS_CELL
    " ORDER BY h.hours) AS reached, sum(h.row_count) OVER (PARTITION BY " TILTS_CELL
    ") AS total FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], "
    "$6::text[]) AS d(" TILTS_CELL ")) c LEFT JOIN {hour_count} h USING (" TILTS_CELL ")) lines GROUP BY " TILTS_CELL
    ") m WHERE v.indicator_id = m.indicator_id AND v.definition_version = m.definition_version AND "
    "v.school_year = m.school_year AND v.municipality = m.municipality AND v.institution_id = m.institution_id AND "
    "v.category = m.category";

#undef TILTS_CELL

}  // namespace

core::Status TallyStore::Apply(postgres::UnitOfWork& unit, const Tally& difference) const {
  std::map<Cell, Numbers> cells = difference.records;
  TILTS_CHECK(ApplyMembers(unit, difference, cells));
  TILTS_CHECK(ApplyCells(unit, cells));
  return ApplyHours(unit, difference);
}

core::Status TallyStore::ApplyMembers(postgres::UnitOfWork& unit, const Tally& difference,
                                      std::map<Cell, Numbers>& cells) const {
  if (difference.members.empty()) return {};
  CellColumns columns;
  std::vector<std::int64_t> sides, changes;
  std::vector<std::string> subjects;
  bool fewer = false;
  for (const auto& [member, change] : difference.members) {
    columns.Add(member.cell);
    sides.push_back(static_cast<int>(member.side));
    subjects.push_back(member.subject_id);
    changes.push_back(change);
    fewer |= change < 0;
  }
  const postgres::Params params = columns.With({sides, subjects, changes});
  TILTS_ASSIGN(const auto changed, unit.Exec(tables_.Sql(kMembers), params));
  for (const postgres::Row row : changed) {
    Numbers& numbers = cells[CellOf(row)];
    (row.Int(6) == 0 ? numbers.numerator : numbers.denominator) += row.Int(7);
  }
  if (fewer) TILTS_CHECK(unit.Exec(tables_.Sql(kEmptyMembers), params));
  return {};
}

core::Status TallyStore::ApplyCells(postgres::UnitOfWork& unit, const std::map<Cell, Numbers>& cells) const {
  CellColumns columns;
  std::vector<std::int64_t> numerators, denominators;
  bool fewer = false;
  for (const auto& [cell, numbers] : cells) {
    if (numbers == Numbers{}) continue;
    columns.Add(cell);
    numerators.push_back(numbers.numerator);
    denominators.push_back(numbers.denominator);
    fewer |= numbers.numerator < 0 || numbers.denominator < 0;
  }
  if (numerators.empty()) return {};
  TILTS_CHECK(unit.Exec(tables_.Sql(kValues), columns.With({numerators, denominators})));
  if (fewer) TILTS_CHECK(unit.Exec(tables_.Sql(kEmptyValues), columns.With({})));
  return {};
}

core::Status TallyStore::ApplyHours(postgres::UnitOfWork& unit, const Tally& difference) const {
  if (difference.hours.empty()) return {};
  CellColumns columns;
  std::vector<std::int64_t> hours, changes;
  for (const auto& [bucket, change] : difference.hours) {
    columns.Add(bucket.cell);
    hours.push_back(bucket.hours);
    changes.push_back(change);
  }
  TILTS_CHECK(unit.Exec(tables_.Sql(kHoldCells), columns.With({})));
  TILTS_CHECK(unit.Exec(tables_.Sql(kHours), columns.With({hours, changes})));
  TILTS_CHECK(unit.Exec(tables_.Sql(kEmptyHours), columns.With({hours})));
  TILTS_CHECK(unit.Exec(tables_.Sql(kMedians), columns.With({})));
  TILTS_CHECK(unit.Exec(tables_.Sql(kEmptyValues), columns.With({})));
  return {};
}

}  // namespace tilts::indicator_aggregation
