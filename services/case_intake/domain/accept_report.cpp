#include "case_intake/domain/accept_report.hpp"

#include "case_intake/domain/coordinator.hpp"
#include "case_intake/domain/record_event.hpp"

namespace tilts::case_intake {
namespace {

// Levels are judged again on the merged picture: two reports together may say what neither said alone.
CaseFacts Joined(const Rules& rules, const CaseFacts& known, const CaseFacts& added, core::CityTime now) {
  CaseFacts facts = Merge(known, added);
  ApplyLevels(rules.levels, facts);
  facts.coordinator_id = ChooseCoordinator(rules, facts, now);
  return facts;
}

}  // namespace

Decision AcceptReport(const Rules& rules, const OnFile& on_file, const Assessment& assessment, const Report& report,
                      const core::CaseId& fresh_id, core::CityTime now) {
  Decision decision;
  if (on_file.open) {
    decision.after = *on_file.open;
    decision.after.facts = Joined(rules, on_file.open->facts, assessment.facts, now);
    Record(decision, ReportAttached{report.id, report.reporter, decision.after.facts});
    return decision;
  }
  decision.after.id = fresh_id;
  decision.after.facts = assessment.facts;
  decision.after.subject = assessment.child;
  decision.after.previous_case = on_file.last_closed;
  decision.after.opened_at = now;
  Record(decision, CaseOpened{report.id, report.reporter, assessment.facts, assessment.child, on_file.last_closed});
  return decision;
}

Decision CompleteCase(const Rules& rules, const Case& current, const Assessment& assessment, core::CityTime now) {
  Decision decision;
  decision.after = current;
  decision.after.facts = Joined(rules, current.facts, assessment.facts, now);
  if (!current.facts.subject_known && !assessment.child.empty()) decision.after.subject = assessment.child;
  if (decision.after == current) return decision;
  Record(decision, CaseFactsChanged{decision.after.facts, decision.after.subject});
  return decision;
}

MergeDecision MergeCases(const Rules& rules, const Case& source, const Case& target, const CaseFacts& learned,
                         const std::vector<AttachedReport>& moved, core::CityTime now) {
  MergeDecision decision;
  decision.source.after = source;
  decision.source.after.state = CaseState::kMerged;
  decision.source.after.merged_into = target.id;
  decision.source.after.closed_at = now;
  Record(decision.source, CaseStateChanged{CaseState::kMerged, Outcome::kUnspecified, target.id});

  decision.target.after = target;
  decision.target.after.facts = Joined(rules, target.facts, Merge(source.facts, learned), now);
  for (const AttachedReport& report : moved) {
    Record(decision.target, ReportAttached{report.report, report.reporter, decision.target.after.facts});
  }
  return decision;
}

}  // namespace tilts::case_intake
