#include "case_intake/adapters/pupil_enrolment_store.hpp"

#include <map>

namespace tilts::case_intake {
namespace {

constexpr char kColumns[] =
    "SELECT record_id, person_id, from_day, to_day, end_reason, stage, grade, revision, withdrawn, as_of_day "
    "FROM enrolment WHERE institution_id = $1 ";

// A column per field, so that a whole roster is one statement.
constexpr char kApply[] =
    "INSERT INTO enrolment AS old (record_id, institution_id, person_id, from_day, to_day, end_reason, stage, grade, "
    "revision, withdrawn, as_of_day) "
    "SELECT r, $1, p, f, t, e, s, g, v, w::boolean, a FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], "
    "$6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[], $11::bigint[]) "
    "AS given (r, p, f, t, e, s, g, v, w, a) ORDER BY r "
    "ON CONFLICT (record_id) DO UPDATE SET person_id = excluded.person_id, to_day = excluded.to_day, "
    "end_reason = excluded.end_reason, stage = excluded.stage, grade = excluded.grade, revision = excluded.revision, "
    "withdrawn = excluded.withdrawn, as_of_day = greatest(old.as_of_day, excluded.as_of_day) "
    "WHERE excluded.revision > old.revision RETURNING record_id";

Enrolment From(const postgres::Row& row) {
  Enrolment enrolment;
  enrolment.record_id = row.Text(0);
  enrolment.person_id = row.Text(1);
  enrolment.from = static_cast<Day>(row.Int(2));
  enrolment.to = static_cast<Day>(row.Int(3));
  enrolment.end_reason = static_cast<EndReason>(row.Int(4));
  enrolment.stage = static_cast<Stage>(row.Int(5));
  enrolment.grade = static_cast<std::uint32_t>(row.Int(6));
  enrolment.revision = static_cast<std::uint32_t>(row.Int(7));
  enrolment.withdrawn = row.Bool(8);
  enrolment.as_of = static_cast<Day>(row.Int(9));
  return enrolment;
}

}  // namespace

core::Result<std::vector<Enrolment>> EnrolmentStore::Many(std::string_view where,
                                                          const postgres::Params& params) const {
  TILTS_ASSIGN(const postgres::Rows rows, unit_.Exec(std::string(kColumns) + std::string(where), params));
  std::vector<Enrolment> list;
  for (const postgres::Row row : rows) list.push_back(From(row));
  return list;
}

core::Result<std::vector<Enrolment>> EnrolmentStore::OfPersons(const std::vector<std::string>& person_ids) const {
  return Many("AND person_id = ANY ($2::text[])", {institution_id_, person_ids});
}

core::Result<std::vector<Enrolment>> EnrolmentStore::All() const {
  return Many("ORDER BY record_id", {institution_id_});
}

core::Result<std::vector<Enrolment>> EnrolmentStore::OfRecords(const std::vector<std::string>& record_ids) const {
  return Many("AND record_id = ANY ($2::text[])", {institution_id_, record_ids});
}

core::Result<std::set<std::string>> EnrolmentStore::Apply(const std::vector<Enrolment>& enrolments) const {
  std::map<std::string, const Enrolment*> newest;
  for (const Enrolment& one : enrolments) {
    const Enrolment*& kept = newest[one.record_id];
    if (kept == nullptr || one.revision > kept->revision) kept = &one;
  }
  std::vector<std::string> records, persons, withdrawn;
  std::vector<std::int64_t> from, to, reasons, stages, grades, revisions, as_of;
  for (const auto& [record_id, one] : newest) {
    records.push_back(record_id);
    persons.push_back(one->person_id);
    from.push_back(one->from);
    to.push_back(one->to);
    reasons.push_back(static_cast<int>(one->end_reason));
    stages.push_back(static_cast<int>(one->stage));
    grades.push_back(one->grade);
    revisions.push_back(one->revision);
    withdrawn.emplace_back(one->withdrawn ? "t" : "f");
    as_of.push_back(one->as_of);
  }
  TILTS_ASSIGN(const postgres::Rows rows, unit_.Exec(kApply, {institution_id_, records, persons, from, to, reasons,
                                                              stages, grades, revisions, withdrawn, as_of}));
  std::set<std::string> written;
  for (const postgres::Row row : rows) written.insert(row.Text(0));
  return written;
}

core::Status EnrolmentStore::Confirm(const std::vector<std::string>& record_ids, Day day) const {
  if (record_ids.empty()) return {};
  TILTS_CHECK(
      unit_.Exec("UPDATE enrolment SET as_of_day = $3 WHERE institution_id = $1 AND record_id = ANY ($2::text[]) "
                 "AND as_of_day < $3",
                 {institution_id_, record_ids, day}));
  return {};
}

}  // namespace tilts::case_intake
