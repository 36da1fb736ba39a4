#include "registry/adapters/sql_institutions.hpp"

#include <map>

namespace tilts::registry {
namespace {

using core::Result;
using postgres::Params;
using postgres::Row;
using postgres::UnitOfWork;

#define TILTS_INSTITUTION_COLUMNS                                                                   \
  "institution_id, kind, name_lv, name_en, municipality, territory, calendar_id, round_the_clock, " \
  "at_capacity, external, preference, valid_from, valid_to, successor_id, supervisor_id, version, seeded"

StoredInstitution FromRow(const Row& row) {
  StoredInstitution stored;
  Institution& institution = stored.institution;
  institution.institution_id = row.Text(0);
  institution.kind = static_cast<InstitutionKind>(row.Int(1));
  institution.name_lv = row.Text(2);
  institution.name_en = row.Text(3);
  institution.municipality = row.Text(4);
  institution.territory = row.Texts(5);
  institution.calendar_id = row.Text(6);
  institution.round_the_clock = row.Bool(7);
  institution.at_capacity = row.Bool(8);
  institution.external = row.Bool(9);
  institution.preference = static_cast<unsigned>(row.Int(10));
  institution.valid_from = row.Time(11);
  institution.valid_to = row.OptionalTime(12);
  institution.successor_id = row.OptionalText(13).value_or("");
  institution.supervisor_id = row.OptionalText(14).value_or("");
  institution.version = static_cast<std::uint64_t>(row.Int(15));
  stored.seeded = row.Bool(16);
  return stored;
}

// Two statements for all of them instead of two for each.
core::Status ReadParts(UnitOfWork& unit, std::vector<StoredInstitution>& institutions) {
  std::map<std::string, Institution*> by_id;
  std::vector<std::string> ids;
  for (StoredInstitution& stored : institutions) {
    by_id[stored.institution.institution_id] = &stored.institution;
    ids.push_back(stored.institution.institution_id);
  }
  TILTS_ASSIGN(const auto units, unit.Exec("SELECT institution_id, unit_id, name, territory FROM institution_unit "
                                           "WHERE institution_id = ANY($1::text[]) ORDER BY institution_id, position",
                                           {ids}));
  for (const Row row : units) by_id[row.Text(0)]->units.push_back({row.Text(1), row.Text(2), row.Texts(3)});
  TILTS_ASSIGN(const auto hours,
               unit.Exec("SELECT institution_id, weekday, from_minute, to_minute FROM institution_hours "
                         "WHERE institution_id = ANY($1::text[]) ORDER BY institution_id, weekday, from_minute",
                         {ids}));
  for (const Row row : hours) {
    by_id[row.Text(0)]->duty_hours.push_back(
        {static_cast<unsigned>(row.Int(1)), static_cast<unsigned>(row.Int(2)), static_cast<unsigned>(row.Int(3))});
  }
  return {};
}

std::optional<std::string> NullWhenEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

core::Status WriteParts(UnitOfWork& unit, const Institution& institution) {
  TILTS_CHECK(unit.Exec("DELETE FROM institution_unit WHERE institution_id = $1", {institution.institution_id}));
  TILTS_CHECK(unit.Exec("DELETE FROM institution_hours WHERE institution_id = $1", {institution.institution_id}));
  int position = 0;
  for (const Unit& one : institution.units) {
    TILTS_CHECK(
        unit.Exec("INSERT INTO institution_unit (institution_id, position, unit_id, name, territory) "
                  "VALUES ($1, $2, $3, $4, $5)",
                  {institution.institution_id, position++, one.unit_id, one.name, one.territory}));
  }
  for (const OfficeHours& hours : institution.duty_hours) {
    TILTS_CHECK(
        unit.Exec("INSERT INTO institution_hours (institution_id, weekday, from_minute, to_minute) "
                  "VALUES ($1, $2, $3, $4)",
                  {institution.institution_id, hours.weekday, hours.from_minute, hours.to_minute}));
  }
  return {};
}

}  // namespace

Result<std::vector<StoredInstitution>> ReadInstitutions(UnitOfWork& unit, int kind, const std::string& after,
                                                        std::size_t limit) {
  TILTS_ASSIGN(const auto rows, unit.Exec("SELECT " TILTS_INSTITUTION_COLUMNS " FROM institution "
                                          "WHERE ($1::int = 0 OR kind = $1::int) AND institution_id > $2 "
                                          "ORDER BY institution_id LIMIT $3",
                                          {kind, after, limit}));
  std::vector<StoredInstitution> institutions;
  for (const Row row : rows) institutions.push_back(FromRow(row));
  TILTS_CHECK(ReadParts(unit, institutions));
  return institutions;
}

Result<std::optional<StoredInstitution>> ReadInstitution(UnitOfWork& unit, const std::string& institution_id) {
  TILTS_ASSIGN(
      const auto rows,
      unit.Exec("SELECT " TILTS_INSTITUTION_COLUMNS " FROM institution WHERE institution_id = $1", {institution_id}));
  if (rows.empty()) return std::nullopt;
  std::vector<StoredInstitution> one{FromRow(rows.front())};
  TILTS_CHECK(ReadParts(unit, one));
  return std::move(one.front());
}

core::Status WriteInstitution(UnitOfWork& unit, const Institution& institution, bool seeded) {
  TILTS_CHECK(
      unit.Exec("INSERT INTO institution (" TILTS_INSTITUTION_COLUMNS ") "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) "
                "ON CONFLICT (institution_id) DO UPDATE SET kind = EXCLUDED.kind, name_lv = EXCLUDED.name_lv, "
                "name_en = EXCLUDED.name_en, municipality = EXCLUDED.municipality, territory = EXCLUDED.territory, "
                "calendar_id = EXCLUDED.calendar_id, round_the_clock = EXCLUDED.round_the_clock, "
                "at_capacity = EXCLUDED.at_capacity, external = EXCLUDED.external, preference = EXCLUDED.preference, "
                "valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to, successor_id = EXCLUDED.successor_id, "
                "supervisor_id = EXCLUDED.supervisor_id, version = EXCLUDED.version, seeded = EXCLUDED.seeded",
                {institution.institution_id, static_cast<int>(institution.kind), institution.name_lv,
                 institution.name_en, institution.municipality, institution.territory, institution.calendar_id,
                 institution.round_the_clock, institution.at_capacity, institution.external, institution.preference,
                 institution.valid_from, institution.valid_to, NullWhenEmpty(institution.successor_id),
                 NullWhenEmpty(institution.supervisor_id), institution.version, seeded}));
  return WriteParts(unit, institution);
}

}  // namespace tilts::registry
