#include "case_intake/adapters/tier_case.hpp"

#include "case_intake/adapters/case_writing.hpp"
#include "case_intake/adapters/vault_steps.hpp"
#include "case_intake/app/contract.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"

namespace tilts::case_intake {
namespace {

Report ReportOf(const TierDecision& decision) {
  const PupilTier& after = decision.after;
  Report report;
  report.id = core::ReportId(crypto::RandomId());
  report.reporter = after.verdict.institution;
  report.stream = Stream::kPmp;
  report.concerns = decision.concerns;
  Person pupil;
  pupil.role = Role::kSubject;
  pupil.person = after.pupil;
  pupil.identified = true;
  pupil.school_id = after.verdict.institution.value();
  report.people = {pupil};
  return report;
}

}  // namespace

core::Result<core::CaseId> ReportTier(postgres::UnitOfWork& unit, const Office& office, const TierDecision& decision,
                                      const std::optional<NoteRow>& note, const Occasion& occasion) {
  const std::shared_ptr<const Rules> rules = office.rules.Current();
  const Report report = ReportOf(decision);
  TILTS_ASSIGN(const FiledReport filed, FileInCase(unit, *rules, report, occasion));
  ReportRow row;
  row.id = report.id;
  row.case_id = filed.after.id;
  row.institution = report.reporter;
  row.fingerprint = crypto::HmacSha256(office.fingerprint_secret, occasion.cause_id);
  row.received_at = occasion.at;
  row.content = ToStored(report, filed.assessment, occasion.at);
  const bool note_waits = note && note->person.empty();
  if (note_waits || rules->institutions.empty()) row.vault_due_at = NextVaultTry(occasion.at, 0);
  const ReportStore reports(unit);
  TILTS_CHECK(reports.Insert(row));
  if (note) {
    NoteRow text = *note;
    text.report = row.id;
    TILTS_CHECK(reports.InsertNote(text));
  }
  return filed.after.id;
}

}  // namespace tilts::case_intake
