#pragma once

#include <optional>

#include "case_intake/domain/case.hpp"
#include "case_intake/domain/report.hpp"

namespace tilts::case_intake {

// What is on file of the child of a report in the report's stream.
struct OnFile {
  std::optional<Case> open;
  core::CaseId last_closed;
};

// Opens a case or attaches the report to the open one of the same child and stream. A child that is not identified
// gets a case of its own. `fresh_id` is used when a case is opened.
Decision AcceptReport(const Rules& rules, const OnFile& on_file, const Assessment& assessment, const Report& report,
                      const core::CaseId& fresh_id, core::CityTime now);

// A report of the case was completed (by its sender, or by the vault being back): fills the picture. The subject
// becomes `assessment.child` when the case had none that was identified. No change, no event.
Decision CompleteCase(const Rules& rules, const Case& current, const Assessment& assessment, core::CityTime now);

struct MergeDecision {
  Decision source;  // MERGED
  Decision target;  // has the reports of both
};

// Two open cases of one stream turned out to be about one child: `learned` is what told so. The reports `moved` are
// those of the source.
MergeDecision MergeCases(const Rules& rules, const Case& source, const Case& target, const CaseFacts& learned,
                         const std::vector<AttachedReport>& moved, core::CityTime now);

}  // namespace tilts::case_intake
