#include "case_intake/adapters/report_store.hpp"

#include "wire/bytes.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kReportColumns[] =
    "SELECT report_id, case_id, institution_id, source_event_id, fingerprint, received_at, content, revision, "
    "vault_due_at, vault_attempts FROM report ";
constexpr char kNoteColumns[] = "SELECT note_id, report_id, person_id, sealed, wrapped_key, written_at FROM note ";

core::Result<ReportRow> ReportFrom(const postgres::Row& row) {
  ReportRow report;
  report.id = core::ReportId(row.Text(0));
  report.case_id = core::CaseId(row.Text(1));
  report.institution = core::InstitutionId(row.Text(2));
  report.source_event_id = row.OptionalText(3).value_or("");
  report.fingerprint = row.BytesOf(4);
  report.received_at = row.Time(5);
  TILTS_CHECK(wire::Parse(row.BytesOf(6), report.content));
  report.revision = static_cast<std::uint64_t>(row.Int(7));
  report.vault_due_at = row.OptionalTime(8);
  report.vault_attempts = static_cast<int>(row.Int(9));
  return report;
}

std::optional<std::string> OrNull(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

core::Result<std::vector<ReportRow>> ReportStore::Many(std::string_view where, const postgres::Params& params) const {
  TILTS_ASSIGN(const postgres::Rows rows, unit_.Exec(std::string(kReportColumns) + std::string(where), params));
  std::vector<ReportRow> list;
  for (const postgres::Row row : rows) {
    TILTS_ASSIGN(ReportRow report, ReportFrom(row));
    list.push_back(std::move(report));
  }
  return list;
}

core::Result<std::optional<ReportRow>> ReportStore::One(std::string_view where, const postgres::Params& params) const {
  TILTS_ASSIGN(std::vector<ReportRow> list, Many(where, params));
  if (list.empty()) return std::nullopt;
  return std::move(list.front());
}

core::Result<std::optional<ReportRow>> ReportStore::Find(const core::ReportId& id) const {
  return One("WHERE report_id = $1", {id.value()});
}

core::Result<std::optional<ReportRow>> ReportStore::Lock(const core::ReportId& id) const {
  return One("WHERE report_id = $1 FOR UPDATE", {id.value()});
}

core::Result<std::optional<ReportRow>> ReportStore::FindBySourceEvent(const core::InstitutionId& institution,
                                                                      const std::string& source_event_id) const {
  return One("WHERE institution_id = $1 AND source_event_id = $2", {institution.value(), source_event_id});
}

core::Result<std::vector<ReportRow>> ReportStore::OfCase(const core::CaseId& id) const {
  return Many("WHERE case_id = $1 ORDER BY received_at, position", {id.value()});
}

core::Result<std::vector<AttachedReport>> ReportStore::AttachedTo(const core::CaseId& id) const {
  TILTS_ASSIGN(
      const postgres::Rows rows,
      unit_.Exec("SELECT report_id, institution_id FROM report WHERE case_id = $1 ORDER BY received_at, position",
                 {id.value()}));
  std::vector<AttachedReport> list;
  for (const postgres::Row row : rows) list.push_back({core::ReportId(row.Text(0)), core::InstitutionId(row.Text(1))});
  return list;
}

core::Status ReportStore::Insert(const ReportRow& row) const {
  TILTS_ASSIGN(const std::string content, wire::Serialize(row.content));
  TILTS_CHECK(
      unit_.Exec("INSERT INTO report (report_id, case_id, institution_id, source_event_id, fingerprint, "
                 "received_at, content, revision, vault_due_at, vault_attempts) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                 {row.id.value(), row.case_id.value(), row.institution.value(), OrNull(row.source_event_id),
                  postgres::Bytes{row.fingerprint}, row.received_at, postgres::Bytes{content}, row.revision,
                  row.vault_due_at, row.vault_attempts}));
  return {};
}

core::Status ReportStore::Update(const ReportRow& row) const {
  TILTS_ASSIGN(const std::string content, wire::Serialize(row.content));
  TILTS_CHECK(unit_.Exec(
      "UPDATE report SET case_id = $2, content = $3, revision = revision + 1, vault_due_at = $4, "
      "vault_attempts = $5 WHERE report_id = $1",
      {row.id.value(), row.case_id.value(), postgres::Bytes{content}, row.vault_due_at, row.vault_attempts}));
  return {};
}

core::Status ReportStore::Move(const core::CaseId& from, const core::CaseId& to) const {
  TILTS_CHECK(unit_.Exec("UPDATE report SET case_id = $2 WHERE case_id = $1", {from.value(), to.value()}));
  return {};
}

core::Status ReportStore::PutHeld(const HeldRow& row) const {
  TILTS_CHECK(unit_.Exec(
      "INSERT INTO held_person (report_id, sealed, wrapped_key, vault_request_id) "
      "VALUES ($1, $2, $3, $4) ON CONFLICT (report_id) DO UPDATE "
      "SET sealed = $2, wrapped_key = $3, vault_request_id = $4",
      {row.report.value(), postgres::Bytes{row.sealed}, postgres::Bytes{row.wrapped_key}, row.vault_request_id}));
  return {};
}

core::Status ReportStore::DropHeld(const core::ReportId& id) const {
  TILTS_CHECK(unit_.Exec("DELETE FROM held_person WHERE report_id = $1", {id.value()}));
  return {};
}

core::Result<std::optional<HeldRow>> ReportStore::FindHeld(const core::ReportId& id) const {
  TILTS_ASSIGN(
      const postgres::Rows rows,
      unit_.Exec("SELECT sealed, wrapped_key, vault_request_id FROM held_person WHERE report_id = $1", {id.value()}));
  if (rows.empty()) return std::nullopt;
  const postgres::Row row = rows.front();
  return HeldRow{id, row.BytesOf(0), row.BytesOf(1), row.Text(2)};
}

core::Status ReportStore::InsertNote(const NoteRow& row) const {
  TILTS_CHECK(
      unit_.Exec("INSERT INTO note (note_id, report_id, person_id, sealed, wrapped_key, written_at) "
                 "VALUES ($1, $2, $3, $4, $5, $6)",
                 {row.id.value(), row.report.value(), OrNull(row.person.value()), postgres::Bytes{row.sealed},
                  postgres::Bytes{row.wrapped_key}, row.written_at}));
  return {};
}

core::Result<std::vector<NoteRow>> ReportStore::Notes(std::string_view where, const postgres::Params& params) const {
  TILTS_ASSIGN(const postgres::Rows rows, unit_.Exec(std::string(kNoteColumns) + std::string(where), params));
  std::vector<NoteRow> list;
  for (const postgres::Row row : rows) {
    list.push_back({core::NoteId(row.Text(0)), core::ReportId(row.Text(1)),
                    core::PersonId(row.OptionalText(2).value_or("")), row.BytesOf(3), row.BytesOf(4), row.Time(5)});
  }
  return list;
}

core::Result<std::vector<NoteRow>> ReportStore::NotesOfCase(const core::CaseId& id) const {
  return Notes("WHERE report_id IN (SELECT report_id FROM report WHERE case_id = $1) ORDER BY written_at, position",
               {id.value()});
}

core::Result<std::vector<NoteRow>> ReportStore::HeldNotesOf(const core::ReportId& id) const {
  return Notes("WHERE report_id = $1 AND person_id IS NULL ORDER BY written_at, position", {id.value()});
}

core::Status ReportStore::RewrapNote(const NoteRow& row) const {
  TILTS_CHECK(unit_.Exec("UPDATE note SET wrapped_key = $2, person_id = $3 WHERE note_id = $1 AND person_id IS NULL",
                         {row.id.value(), postgres::Bytes{row.wrapped_key}, row.person.value()}));
  return {};
}

core::Result<std::vector<core::ReportId>> DueForVault(postgres::Database& database, core::CityTime now, int limit) {
  TILTS_ASSIGN(
      const postgres::Rows rows,
      database.Query("SELECT report_id FROM report WHERE vault_due_at <= $1 ORDER BY vault_due_at, report_id LIMIT $2",
                     {now, limit}));
  std::vector<core::ReportId> ids;
  for (const postgres::Row row : rows) ids.emplace_back(row.Text(0));
  return ids;
}

core::Result<VaultBacklog> CountForVault(postgres::Database& database, core::CityTime now) {
  TILTS_ASSIGN(const postgres::Rows rows, database.Query("SELECT count(*) FILTER (WHERE vault_due_at <= $1), "
                                                         "min(vault_due_at) FILTER (WHERE vault_due_at > $1) "
                                                         "FROM report WHERE vault_due_at IS NOT NULL",
                                                         {now}));
  TILTS_ASSIGN(const postgres::Rows oldest,
               database.Query("SELECT report_id, received_at FROM report WHERE vault_due_at IS NOT NULL "
                              "ORDER BY received_at, position LIMIT 1"));
  VaultBacklog backlog;
  backlog.due_now = static_cast<std::uint64_t>(rows.front().Int(0));
  backlog.next_due_at = rows.front().OptionalTime(1);
  if (!oldest.empty()) {
    backlog.oldest = "report/" + oldest.front().Text(0);
    backlog.oldest_at = oldest.front().Time(1);
  }
  return backlog;
}

}  // namespace tilts::case_intake
