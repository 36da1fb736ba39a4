#pragma once

#include <string>
#include <vector>

#include "risk_scoring/domain/score.hpp"

namespace tilts::risk_scoring {

inline constexpr std::size_t kMaxFactsShown = 40;

// A record behind a value.
struct FactReference {
  std::string kind;  // as KindOf says
  std::string institution_id;
  Day day = 0;
  unsigned amount = 0;  // lessons, or the mark; a repetition's grade; 1 for behaviour and enrolments
  unsigned revision = 0;
  std::string subject_code;  // of a result

  bool operator==(const FactReference&) const = default;
};
struct Evidence {
  std::vector<FactReference> facts;  // the latest first, at most kMaxFactsShown
  unsigned count = 0;                // all of them
};

// The facts behind a measure: absence: records with an absence in the window; unexcused lessons: those that count;
// silence: the latest record; marks: results below the pass mark, or of the two periods compared; the rest: what was
// counted. Of one day, by institution, then subject.
Evidence EvidenceFor(const PupilState& state, const AsOf& as_of, Measure measure);

// The records that count towards the statutory limit, as UnexcusedLessons counts them.
Evidence UnexcusedEvidence(const PupilState& state, Day from, Day to, Day unknown_before);

struct Explanation {
  Assessment assessment;
  std::vector<Evidence> by_factor;  // as the assessment's contributions
};
Explanation Explain(const PupilState& state, const AsOf& as_of);

// The assessment if these facts were added; each must pass CheckFact.
struct WhatIfAnswer {
  PupilState state;
  Explanation explanation;
};
WhatIfAnswer WhatIf(const PupilState& state, const std::vector<Fact>& facts, const AsOf& as_of);

}  // namespace tilts::risk_scoring
