#include "indicator_aggregation/adapters/row_store.hpp"

#include <set>

#include "core/concat.hpp"
#include "crypto/encoding.hpp"

namespace tilts::indicator_aggregation {
namespace {

constexpr char kColumns[] =
    "record_id, revision, withdrawn, kind, day, to_day, subject_id, institution_id, municipality, school_year, codes";

// A bytea in PostgreSQL's own text form.
std::string Hex(const std::string& bytes) {
  return "\\x" + crypto::ToHex(bytes);
}

core::Result<RowsById> RowsOf(const postgres::Rows& rows) {
  RowsById found;
  for (const postgres::Row each : rows) {
    Row row;
    row.record_id = each.BytesOf(0);
    row.revision = static_cast<int>(each.Int(1));
    row.withdrawn = each.Bool(2);
    row.kind = static_cast<RowKind>(each.Int(3));
    row.day = static_cast<int>(each.Int(4));
    row.to_day = static_cast<int>(each.Int(5));
    row.subject_id = each.Text(6);
    row.institution_id = each.Text(7);
    row.municipality = each.Text(8);
    row.school_year = each.Text(9);
    if (!FromText(each.Text(10), row.codes)) {
      return core::Fail(core::Errc::kUnavailable, "a stored row's codes are not ours: rebuild", "ROW_CODES");
    }
    found.emplace(row.record_id, std::move(row));
  }
  return found;
}

// Rows as one array per column.
postgres::Params ColumnsOf(const std::vector<Row>& rows) {
  std::vector<std::string> ids, withdrawn, subjects, institutions, municipalities, years, codes;
  std::vector<std::int64_t> revisions, kinds, days, to_days;
  for (const Row& row : rows) {
    ids.push_back(Hex(row.record_id));
    revisions.push_back(row.revision);
    withdrawn.emplace_back(row.withdrawn ? "t" : "f");
    kinds.push_back(static_cast<int>(row.kind));
    days.push_back(row.day);
    to_days.push_back(row.to_day);
    subjects.push_back(row.subject_id);
    institutions.push_back(row.institution_id);
    municipalities.push_back(row.municipality);
    years.push_back(row.school_year);
    codes.push_back(ToText(row.codes));
  }
  return {ids, revisions, withdrawn, kinds, days, to_days, subjects, institutions, municipalities, years, codes};
}

constexpr char kUnnest[] =
    "unnest($1::bytea[], $2::integer[], $3::boolean[], $4::smallint[], $5::integer[], $6::integer[], $7::text[], "
    "$8::text[], $9::text[], $10::text[], $11::text[])";

core::Status AllWritten(const core::Result<postgres::Rows>& written, std::size_t expected) {
  if (!written) return core::Fail(written.error());
  if (written->affected() == expected) return {};
  return core::Fail(core::Errc::kConflict, "another worker wrote a row of this batch: run it again", "ROW_RACE");
}

}  // namespace

core::Result<RowsById> RowStore::Load(postgres::UnitOfWork& unit, const std::vector<std::string>& record_ids) const {
  std::vector<std::string> ids;
  for (const std::string& id : record_ids) ids.push_back(Hex(id));
  const std::string sql = tables_.Sql(core::Concat(
      "SELECT ", kColumns, " FROM {fact_row} WHERE record_id = ANY($1::bytea[]) ORDER BY record_id FOR UPDATE"));
  TILTS_ASSIGN(const auto rows, unit.Exec(sql, {ids}));
  return RowsOf(rows);
}

core::Result<RowsById> RowStore::EnrolmentsOf(postgres::UnitOfWork& unit,
                                              const std::vector<std::string>& pupil_ids) const {
  const std::string sql = tables_.Sql(core::Concat("SELECT ", kColumns,
                                                   " FROM {fact_row} WHERE kind = 3 AND subject_id = ANY($1::text[]) "
                                                   "ORDER BY record_id FOR UPDATE"));
  TILTS_ASSIGN(const auto rows, unit.Exec(sql, {pupil_ids}));
  return RowsOf(rows);
}

core::Result<std::vector<std::string>> RowStore::EnrolledPupils(postgres::UnitOfWork& unit, const std::string& after,
                                                                int limit) const {
  TILTS_ASSIGN(const auto rows,
               unit.Exec(tables_.Sql("SELECT DISTINCT subject_id FROM {fact_row} WHERE kind = 3 AND subject_id > $1 "
                                     "ORDER BY subject_id LIMIT $2"),
                         {after, limit}));
  std::vector<std::string> pupils;
  for (const postgres::Row row : rows) pupils.push_back(row.Text(0));
  return pupils;
}

core::Result<RowsById> RowStore::OthersAfter(postgres::UnitOfWork& unit, const std::string& after, int limit) const {
  const std::string sql = tables_.Sql(core::Concat(
      "SELECT ", kColumns, " FROM {fact_row} WHERE kind <> 3 AND record_id > $1::bytea ORDER BY record_id LIMIT $2"));
  TILTS_ASSIGN(const auto rows, unit.Exec(sql, {Hex(after), limit}));
  return RowsOf(rows);
}

core::Status RowStore::Insert(postgres::UnitOfWork& unit, const std::vector<Row>& rows) const {
  if (rows.empty()) return {};
  const std::string sql = tables_.Sql(core::Concat("INSERT INTO {fact_row} (", kColumns, ") SELECT * FROM ", kUnnest,
                                                   " ON CONFLICT (record_id) DO NOTHING"));
  return AllWritten(unit.Exec(sql, ColumnsOf(rows)), rows.size());
}

core::Status RowStore::Update(postgres::UnitOfWork& unit, const std::vector<Row>& rows) const {
  if (rows.empty()) return {};
  const std::string sql = tables_.Sql(core::Concat(
      "UPDATE {fact_row} f SET revision = n.revision, withdrawn = n.withdrawn, kind = n.kind, day = n.day, "
      "to_day = n.to_day, subject_id = n.subject_id, institution_id = n.institution_id, "
      "municipality = n.municipality, school_year = n.school_year, codes = n.codes FROM ",
      kUnnest, " AS n(", kColumns, ") WHERE f.record_id = n.record_id"));
  return AllWritten(unit.Exec(sql, ColumnsOf(rows)), rows.size());
}

core::Status RowStore::MergeAttendance(postgres::UnitOfWork& unit, const std::vector<Row>& rows) const {
  if (rows.empty()) return {};
  std::vector<std::string> ids, withdrawn, pupils, institutions;
  std::vector<std::int64_t> revisions, days;
  for (const Row& row : rows) {
    ids.push_back(Hex(row.record_id));
    revisions.push_back(row.revision);
    withdrawn.emplace_back(row.withdrawn ? "t" : "f");
    days.push_back(row.day);
    pupils.push_back(row.subject_id);
    institutions.push_back(row.institution_id);
  }
  constexpr char kMerge[] =
      "INSERT INTO {attendance_row} AS a (record_id, revision, withdrawn, day, pupil_id, institution_id) "
      "SELECT * FROM unnest($1::bytea[], $2::integer[], $3::boolean[], $4::integer[], $5::text[], $6::text[]) "
      "ON CONFLICT (record_id) DO UPDATE SET revision = EXCLUDED.revision, withdrawn = EXCLUDED.withdrawn, "
      "day = EXCLUDED.day, pupil_id = EXCLUDED.pupil_id, institution_id = EXCLUDED.institution_id "
      "WHERE EXCLUDED.revision > a.revision OR (EXCLUDED.revision = a.revision AND "
      "(EXCLUDED.withdrawn, EXCLUDED.day, EXCLUDED.pupil_id COLLATE \"C\", EXCLUDED.institution_id COLLATE \"C\") < "
      "(a.withdrawn, a.day, a.pupil_id COLLATE \"C\", a.institution_id COLLATE \"C\"))";
  TILTS_CHECK(unit.Exec(tables_.Sql(kMerge), {ids, revisions, withdrawn, days, pupils, institutions}));
  return {};
}

}  // namespace tilts::indicator_aggregation
