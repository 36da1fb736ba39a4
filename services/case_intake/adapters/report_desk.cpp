#include "case_intake/adapters/report_desk.hpp"

#include "auth/access_decision.hpp"
#include "case_intake/adapters/case_store.hpp"
#include "case_intake/adapters/case_writing.hpp"
#include "case_intake/adapters/commands.hpp"
#include "case_intake/app/contract.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"
#include "wire/codes.hpp"
#include "wire/json.hpp"
#include "wire/projection.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {
namespace {

// What was sent, without the request id: the same source event may come under another one.
core::Result<std::string> FingerprintOf(const Office& office, const intake::v1::ReportConcernRequest& request) {
  intake::v1::ReportConcernRequest body = request;
  body.clear_request_id();
  TILTS_ASSIGN(const std::string json, wire::ToJson(body));
  return crypto::HmacSha256(office.fingerprint_secret, json);
}

}  // namespace

// A report on its way into the register.
struct ReportDesk::Arrival {
  PreparedReport prepared;
  std::string fingerprint;
  std::string source_event_id;
};

struct ReportDesk::Filed {
  intake::v1::ReportConcernResponse receipt;
  const metrics::Counter& counter;  // of what became of it
};

core::Result<intake::v1::ReportConcernResponse> ReportDesk::Accept(const rpc::CallContext& call,
                                                                   const intake::v1::ReportConcernRequest& request) {
  TILTS_CHECK(RequireInstitution(call));
  TILTS_CHECK(CheckReport(request));
  const std::string& institution = call.principal.institution_id;
  TILTS_ASSIGN(const auto hold, in_hand_.Take(institution, request.request_id()));
  TILTS_ASSIGN(const std::string fingerprint, FingerprintOf(office_, request));
  // Before the vault is asked: a repeated report must not create persons.
  TILTS_ASSIGN(const auto before, office_.database.Transact([&](postgres::UnitOfWork& unit) {
    return SentBefore(unit, call, request, fingerprint);
  }));
  if (before) {
    office_.probe.replayed.Add();
    return *before;
  }
  ReadReport read = Read(request, core::ReportId(crypto::RandomId()), core::InstitutionId(institution));
  Arrival arrival{{}, fingerprint, request.source_event_id()};
  TILTS_ASSIGN(arrival.prepared, Prepare(office_, std::move(read), institution + "/" + request.request_id(), call.now,
                                         office_.VaultCallOf(call)));
  TILTS_ASSIGN(const Filed filed,
               TransactUntilSettled(office_.database, {CaseStore::kOneOpenCase, ReportStore::kOneSourceEvent},
                                    [&](postgres::UnitOfWork& unit) { return File(unit, call, request, arrival); }));
  filed.counter.Add();
  if (arrival.prepared.held) office_.probe.held.Add();
  return filed.receipt;
}

core::Result<std::optional<intake::v1::ReportConcernResponse>> ReportDesk::SentBefore(
    postgres::UnitOfWork& unit, const rpc::CallContext& call, const intake::v1::ReportConcernRequest& request,
    const std::string& fingerprint) {
  const std::string chain = AuditChain(wire::Code<Stream>(request.stream()));
  TILTS_ASSIGN(auto answered, (AnsweredBefore<intake::v1::ReportConcernResponse>(unit, office_, call, request, chain)));
  if (answered || request.source_event_id().empty()) return answered;
  TILTS_ASSIGN(const auto row, ReportStore(unit).FindBySourceEvent(core::InstitutionId(call.principal.institution_id),
                                                                   request.source_event_id()));
  if (!row) return std::nullopt;
  if (row->fingerprint != fingerprint) {
    core::Error error{core::Errc::kAlreadyExists,
                      "this source event id was used with another body: use a new one",
                      "IDEMPOTENCY_BODY",
                      {},
                      0};
    error.violations.push_back({"source_event_id", "ALREADY_USED", "Send corrections by completing the report"});
    return core::Fail(std::move(error));
  }
  TILTS_CHECK(
      Audit(unit, call,
            {chain, auth::Touch::kWrite, {"report/" + row->id.value()}, auth::AccessDecision::Allow("REPLAY"), {}}));
  return Receipt(*row);
}

core::Result<ReportDesk::Filed> ReportDesk::File(postgres::UnitOfWork& unit, const rpc::CallContext& call,
                                                 const intake::v1::ReportConcernRequest& request,
                                                 const Arrival& arrival) {
  TILTS_ASSIGN(const auto before, SentBefore(unit, call, request, arrival.fingerprint));
  if (before) return Filed{*before, office_.probe.replayed};
  const Report& report = arrival.prepared.read.report;
  TILTS_ASSIGN(const FiledReport filed, FileInCase(unit, *office_.rules.Current(), report, office_.OccasionOf(call)));
  const Assessment& assessment = filed.assessment;

  ReportRow row;
  row.id = report.id;
  row.case_id = filed.after.id;
  row.institution = report.reporter;
  row.source_event_id = arrival.source_event_id;
  row.fingerprint = arrival.fingerprint;
  row.received_at = call.now;
  row.content = ToStored(report, assessment, call.now);
  if (request.has_emergency_called_at()) *row.content.mutable_emergency_called_at() = request.emergency_called_at();
  row.vault_due_at = arrival.prepared.FinishAt(call.now);
  const ReportStore reports(unit);
  TILTS_CHECK(reports.Insert(row));
  if (arrival.prepared.held) TILTS_CHECK(reports.PutHeld(*arrival.prepared.held));
  if (arrival.prepared.note) TILTS_CHECK(reports.InsertNote(*arrival.prepared.note));

  TILTS_CHECK(Audit(unit, call,
                    {AuditChain(assessment.facts.stream),
                     auth::Touch::kWrite,
                     {"report/" + row.id.value(), "case/" + row.case_id.value()},
                     auth::AccessDecision::Allow("REPORTER"),
                     {}}));
  const intake::v1::ReportConcernResponse receipt = Receipt(row);
  TILTS_CHECK(Remember(unit, office_, call, request, receipt));
  return Filed{receipt, filed.joined ? office_.probe.attached : office_.probe.opened};
}

// The same whether a case was opened or joined: made of this report alone.
intake::v1::ReportConcernResponse ReportDesk::Receipt(const ReportRow& row) const {
  intake::v1::ReportConcernResponse receipt;
  receipt.set_report_id(row.id.value());
  *receipt.mutable_received_at() = wire::ToTimestamp(row.received_at);
  *receipt.mutable_warnings() = row.content.warnings();
  if (row.content.imminent()) receipt.set_emergency_instruction(office_.rules.emergency_instruction());
  return receipt;
}

core::Result<intake::v1::GetReportResponse> ReportDesk::Show(const rpc::CallContext& call,
                                                             const intake::v1::GetReportRequest& request) {
  TILTS_CHECK(RequireInstitution(call));
  using Answer = std::optional<intake::v1::GetReportResponse>;
  const auto find = [&](postgres::UnitOfWork& unit) -> core::Result<Answer> {
    TILTS_ASSIGN(const auto row, ReportStore(unit).Find(core::ReportId(request.report_id())));
    if (!row) return std::nullopt;
    TILTS_ASSIGN(const auto current, CaseStore(unit).Find(row->case_id));
    const bool own = row->institution.value() == call.principal.institution_id;
    TILTS_CHECK(Audit(unit, call,
                      {AuditChain(current->facts.stream),
                       auth::Touch::kRead,
                       {"report/" + row->id.value()},
                       own ? auth::AccessDecision::Allow("REPORTER") : auth::AccessDecision::Deny("NOT_A_PARTY"),
                       own ? "REPORTER_RECEIPT" : ""}));
    if (!own) return std::nullopt;
    intake::v1::GetReportResponse found;
    found.set_report_id(row->id.value());
    *found.mutable_received_at() = wire::ToTimestamp(row->received_at);
    *found.mutable_warnings() = row->content.warnings();
    found.set_outcome(wire::Code<codes::v1::CaseOutcome>(current->outcome));
    return found;
  };
  TILTS_ASSIGN(Answer answer, office_.database.Transact(find));
  if (!answer) {
    TILTS_CHECK(auth::HideWhenDenied(auth::AccessDecision::Deny("NOT_A_PARTY"), "report"));
  }
  TILTS_ASSIGN(const wire::View view, wire::ViewPolicy::BuiltIn().Find("REPORTER_RECEIPT"));
  wire::Project(*answer, view);
  return *answer;
}

}  // namespace tilts::case_intake
