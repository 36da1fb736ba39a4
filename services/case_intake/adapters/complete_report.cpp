#include "auth/access_decision.hpp"
#include "case_intake/adapters/case_store.hpp"
#include "case_intake/adapters/commands.hpp"
#include "case_intake/adapters/completion.hpp"
#include "case_intake/adapters/report_desk.hpp"
#include "case_intake/app/contract.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kChanged[] = "REPORT_CHANGED";
constexpr int kMostTries = 5;

core::Status HideReport() {
  return auth::HideWhenDenied(auth::AccessDecision::Deny("NOT_A_PARTY"), "report");
}

struct Found {
  ReportRow row;
  std::vector<intake::v1::ReportedPerson> held;
};

// The caller's own report, or the answer of an unknown one.
core::Result<Found> FindOwn(postgres::UnitOfWork& unit, const Office& office, const rpc::CallContext& call,
                            const core::ReportId& id) {
  const ReportStore reports(unit);
  TILTS_ASSIGN(auto row, reports.Find(id));
  if (!row || row->institution.value() != call.principal.institution_id) {
    TILTS_CHECK(HideReport());
  }
  Found found{std::move(*row), {}};
  TILTS_ASSIGN(const auto held, reports.FindHeld(id));
  if (held) {
    TILTS_ASSIGN(found.held, OpenHeld(office.sealer, *held));
  }
  return found;
}

}  // namespace

core::Result<intake::v1::CompleteReportResponse> ReportDesk::Complete(
    const rpc::CallContext& call, const intake::v1::CompleteReportRequest& request) {
  TILTS_CHECK(RequireInstitution(call));
  TILTS_CHECK(CheckCompletion(request));
  TILTS_ASSIGN(const auto hold, in_hand_.Take(call.principal.institution_id, request.request_id()));
  const std::string chain = AuditChain(Stream::kViolence);
  const std::string request_key = call.principal.institution_id + "/" + request.request_id();
  for (int attempt = 1;; ++attempt) {
    TILTS_ASSIGN(const auto before, office_.database.Transact([&](postgres::UnitOfWork& unit) {
      return AnsweredBefore<intake::v1::CompleteReportResponse>(unit, office_, call, request, chain);
    }));
    if (before) return *before;
    TILTS_ASSIGN(Found found, office_.database.Transact([&](postgres::UnitOfWork& unit) {
      return FindOwn(unit, office_, call, core::ReportId(request.report_id()));
    }));
    Report report = FromStored(found.row.id, found.row.institution, found.row.content);
    ReadReport read = ReadCompletion(request, std::move(report), std::move(found.held));
    TILTS_ASSIGN(const PreparedReport prepared,
                 Prepare(office_, std::move(read), request_key, call.now, office_.VaultCallOf(call)));
    auto outcome = TransactUntilSettled(office_.database, {CaseStore::kOneOpenCase}, [&](postgres::UnitOfWork& unit) {
      return FileCompletion(unit, call, request, found.row.revision, prepared);
    });
    if (outcome || outcome.error().reason != kChanged || attempt == kMostTries) return outcome;
  }
}

core::Result<intake::v1::CompleteReportResponse> ReportDesk::FileCompletion(
    postgres::UnitOfWork& unit, const rpc::CallContext& call, const intake::v1::CompleteReportRequest& request,
    std::uint64_t revision, const PreparedReport& prepared) {
  TILTS_ASSIGN(const auto before, (AnsweredBefore<intake::v1::CompleteReportResponse>(unit, office_, call, request,
                                                                                      AuditChain(Stream::kViolence))));
  if (before) return *before;
  const ReportStore reports(unit);
  TILTS_ASSIGN(auto row, reports.Lock(core::ReportId(request.report_id())));
  if (!row || row->revision != revision) {
    return core::Fail(core::Errc::kConflict, "the report was completed by somebody else meanwhile; send it again",
                      kChanged);
  }
  TILTS_ASSIGN(const auto current, CaseStore(unit).Lock(row->case_id));
  if (!IsOpen(current->state)) {
    return core::Fail(core::Errc::kRefused, "The report has its outcome; send a new report with what is new",
                      "REPORT_CLOSED");
  }
  TILTS_ASSIGN(const Case after,
               CompleteInCase(unit, *office_.rules.Current(), prepared.read.report, *row, office_.OccasionOf(call)));
  if (prepared.held) {
    TILTS_CHECK(reports.PutHeld(*prepared.held));
  } else if (!prepared.read.report.people_held) {
    TILTS_CHECK(reports.DropHeld(row->id));
  }
  if (prepared.note) TILTS_CHECK(reports.InsertNote(*prepared.note));
  TILTS_ASSIGN(const std::vector<NoteRow> held_notes, reports.HeldNotesOf(row->id));
  const bool notes_wait =
      !held_notes.empty() && !ChildOf(*office_.rules.Current(), prepared.read.report, call.now).empty();
  row->vault_attempts = 0;
  row->vault_due_at = prepared.FinishAt(call.now);
  if (!row->vault_due_at && notes_wait) row->vault_due_at = call.now;
  TILTS_CHECK(reports.Update(*row));
  TILTS_CHECK(Audit(unit, call,
                    {AuditChain(after.facts.stream),
                     auth::Touch::kWrite,
                     {"report/" + row->id.value(), "case/" + after.id.value()},
                     auth::AccessDecision::Allow("REPORTER"),
                     {}}));
  intake::v1::CompleteReportResponse response;
  response.set_report_id(row->id.value());
  *response.mutable_warnings() = row->content.warnings();
  TILTS_CHECK(Remember(unit, office_, call, request, response));
  return response;
}

}  // namespace tilts::case_intake
