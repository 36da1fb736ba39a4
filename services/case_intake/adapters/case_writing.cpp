#include "case_intake/adapters/case_writing.hpp"

#include "case_intake/adapters/case_store.hpp"
#include "case_intake/domain/accept_report.hpp"
#include "crypto/random.hpp"

namespace tilts::case_intake {
namespace {

core::Status EmitAll(postgres::UnitOfWork& unit, const Decision& decision, const Occasion& occasion) {
  TILTS_ASSIGN(const std::vector<events::Draft> drafts, DraftsOf(decision, occasion));
  return unit.Emit(drafts);
}

}  // namespace

core::Status OpenCase(postgres::UnitOfWork& unit, const Decision& decision, const Occasion& occasion) {
  TILTS_CHECK(CaseStore(unit).Insert(decision.after));
  return EmitAll(unit, decision, occasion);
}

core::Status KeepCase(postgres::UnitOfWork& unit, const Decision& decision, const Occasion& occasion) {
  if (!decision.changed) return {};
  TILTS_CHECK(CaseStore(unit).Update(decision.after));
  return EmitAll(unit, decision, occasion);
}

core::Result<FiledReport> FileInCase(postgres::UnitOfWork& unit, const Rules& rules, const Report& report,
                                     const Occasion& occasion) {
  FiledReport filed{{}, Assess(rules, report, occasion.at), false};
  const Assessment& assessment = filed.assessment;
  const CaseStore cases(unit);
  OnFile on_file;
  if (!assessment.child.empty()) {
    TILTS_ASSIGN(on_file.open, cases.LockOpen(assessment.child, assessment.facts.stream));
    if (!on_file.open) {
      TILTS_ASSIGN(on_file.last_closed, cases.LastClosed(assessment.child, assessment.facts.stream));
    }
  }
  filed.joined = on_file.open.has_value();
  const Decision decision =
      AcceptReport(rules, on_file, assessment, report, core::CaseId(crypto::RandomId()), occasion.at);
  TILTS_CHECK(filed.joined ? KeepCase(unit, decision, occasion) : OpenCase(unit, decision, occasion));
  filed.after = decision.after;
  return filed;
}

}  // namespace tilts::case_intake
