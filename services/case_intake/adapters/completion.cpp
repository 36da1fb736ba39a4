#include "case_intake/adapters/completion.hpp"

#include "case_intake/adapters/case_store.hpp"
#include "case_intake/adapters/case_writing.hpp"
#include "case_intake/app/contract.hpp"
#include "case_intake/domain/accept_report.hpp"

namespace tilts::case_intake {
namespace {

core::Result<Case> Merge(postgres::UnitOfWork& unit, const Rules& rules, const Case& source, const Case& target,
                         const Assessment& assessment, ReportRow& row, const Occasion& occasion) {
  const ReportStore reports(unit);
  TILTS_ASSIGN(const std::vector<AttachedReport> moved, reports.AttachedTo(source.id));
  const MergeDecision decision = MergeCases(rules, source, target, assessment.facts, moved, occasion.at);
  TILTS_CHECK(KeepCase(unit, decision.source, occasion));
  TILTS_CHECK(KeepCase(unit, decision.target, occasion));
  TILTS_CHECK(reports.Move(source.id, target.id));
  row.case_id = target.id;
  return decision.target.after;
}

}  // namespace

core::Result<Case> CompleteInCase(postgres::UnitOfWork& unit, const Rules& rules, const Report& report, ReportRow& row,
                                  const Occasion& occasion) {
  const CaseStore cases(unit);
  TILTS_ASSIGN(const std::optional<Case> found, cases.Lock(row.case_id));
  if (!found) return core::Fail(core::Errc::kInternal, "a report without a case", "CASE_MISSING");
  const Case& current = *found;
  const Assessment assessment = Assess(rules, report, occasion.at);
  const google::protobuf::Timestamp emergency = row.content.emergency_called_at();
  const bool called = row.content.has_emergency_called_at();
  row.content = ToStored(report, assessment, occasion.at);
  if (called) *row.content.mutable_emergency_called_at() = emergency;
  if (!IsOpen(current.state)) return current;

  if (assessment.facts.subject_known && !current.facts.subject_known) {
    TILTS_ASSIGN(const std::optional<Case> other, cases.LockOpen(assessment.child, current.facts.stream));
    if (other && other->id != current.id) return Merge(unit, rules, current, *other, assessment, row, occasion);
  }
  const Decision decision = CompleteCase(rules, current, assessment, occasion.at);
  TILTS_CHECK(KeepCase(unit, decision, occasion));
  return decision.after;
}

}  // namespace tilts::case_intake
