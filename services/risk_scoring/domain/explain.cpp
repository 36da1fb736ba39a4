#include "risk_scoring/domain/explain.hpp"

#include <algorithm>
#include <tuple>

#include "risk_scoring/domain/measures.hpp"

namespace tilts::risk_scoring {
namespace {

class Collector {
 public:
  explicit Collector(const PupilState& state) : state_(state) {}

  void Add(const AttendanceEntry& entry, unsigned lessons) {
    Add({.kind = "attendance",
         .institution_id = Name(entry.institution),
         .day = entry.day,
         .amount = lessons,
         .revision = entry.revision,
         .subject_code = {}});
  }
  void Add(const ResultEntry& entry) {
    Add({.kind = "result",
         .institution_id = Name(entry.institution),
         .day = entry.day,
         .amount = entry.mark,
         .revision = entry.revision,
         .subject_code = state_.subjects[entry.subject]});
  }
  void Add(const RepetitionEntry& entry) {
    Add({.kind = "repetition",
         .institution_id = Name(entry.institution),
         .day = entry.day,
         .amount = entry.grade,
         .revision = entry.revision,
         .subject_code = {}});
  }
  void Add(const BehaviourEntry& entry) {
    Add({.kind = "behaviour",
         .institution_id = Name(entry.institution),
         .day = entry.day,
         .amount = 1,
         .revision = entry.revision,
         .subject_code = {}});
  }
  void Add(const EnrolmentEntry& entry) {
    Add({.kind = "enrolment",
         .institution_id = Name(entry.institution),
         .day = entry.from_day,
         .amount = 1,
         .revision = entry.revision,
         .subject_code = {}});
  }

  Evidence Take() {
    std::vector<FactReference>& facts = evidence_.facts;
    std::stable_sort(facts.begin(), facts.end(), [](const FactReference& a, const FactReference& b) {
      return std::tie(b.day, a.institution_id, a.subject_code) < std::tie(a.day, b.institution_id, b.subject_code);
    });
    evidence_.count = static_cast<unsigned>(facts.size());
    if (facts.size() > kMaxFactsShown) facts.resize(kMaxFactsShown);
    return std::move(evidence_);
  }

 private:
  const std::string& Name(InstitutionIndex index) const { return state_.institutions[index]; }
  void Add(FactReference reference) { evidence_.facts.push_back(std::move(reference)); }

  const PupilState& state_;
  Evidence evidence_;
};

void CollectAbsences(const PupilState& state, const AsOf& as_of, Collector& found) {
  for (const AttendanceEntry& entry : state.attendance) {
    const unsigned absent = 0U + entry.unknown + entry.excused + entry.unexcused;
    if (absent > 0 && entry.day >= as_of.absence_from && entry.day <= as_of.day.day) found.Add(entry, absent);
  }
}

void CollectResults(const PupilState& state, const AsOf& as_of, bool failing_only, Collector& found) {
  const unsigned pass_mark = as_of.card->card().pass_mark;
  const LatestPeriods periods = PeriodsUpTo(state, as_of.day.day, pass_mark);
  for (const ResultEntry& entry : state.results) {
    if (!IsRecent(entry, as_of.day.day)) continue;
    if (failing_only ? periods.latest.Holds(entry) && entry.mark < pass_mark
                     : periods.latest.Holds(entry) || periods.previous.Holds(entry)) {
      found.Add(entry);
    }
  }
}

void CollectBehaviour(const PupilState& state, const AsOf& as_of, Measure measure, Collector& found) {
  const auto kind = measure == Measure::kIncidents ? BehaviourKind::kIncident : BehaviourKind::kSuspension;
  for (const BehaviourEntry& entry : state.behaviour) {
    if (IsInWindow(entry, kind, as_of.day.day, as_of.card->WindowOf(measure))) found.Add(entry);
  }
}

void CollectOthers(const PupilState& state, const AsOf& as_of, Measure measure, Collector& found) {
  const Day day = as_of.day.day;
  if (measure == Measure::kSilentSchoolDays) {
    const AttendanceEntry* latest = LatestRecord(state, 0, day);
    if (latest != nullptr) found.Add(*latest, latest->offered);
  }
  if (measure == Measure::kRepetitions) {
    for (const RepetitionEntry& entry : state.repetitions) {
      if (!entry.withdrawn() && entry.day <= day) found.Add(entry);
    }
  }
  if (measure == Measure::kSchoolChanges) {
    for (const EnrolmentEntry& entry : state.enrolments) {
      if (IsSchoolChange(state, entry, day, as_of.card->WindowOf(measure))) found.Add(entry);
    }
  }
}

}  // namespace

Evidence UnexcusedEvidence(const PupilState& state, Day from, Day to, Day unknown_before) {
  Collector found(state);
  for (const AttendanceEntry& entry : state.attendance) {
    if (entry.day < from || entry.day > to) continue;
    const unsigned lessons = 0U + entry.unexcused + (entry.day < unknown_before ? entry.unknown : 0U);
    if (lessons > 0) found.Add(entry, lessons);
  }
  return found.Take();
}

Evidence EvidenceFor(const PupilState& state, const AsOf& as_of, Measure measure) {
  Collector found(state);
  switch (measure) {
    case Measure::kAbsenceShare: CollectAbsences(state, as_of, found); break;
    case Measure::kUnexcusedLessons:
      return UnexcusedEvidence(state, as_of.day.semester_from_day, as_of.day.day, as_of.unknown_before);
    case Measure::kFailingSubjects:
    case Measure::kMarkFall: CollectResults(state, as_of, measure == Measure::kFailingSubjects, found); break;
    case Measure::kIncidents:
    case Measure::kSuspensions: CollectBehaviour(state, as_of, measure, found); break;
    case Measure::kUnspecified:
    case Measure::kSilentSchoolDays:
    case Measure::kRepetitions:
    case Measure::kSchoolChanges: CollectOthers(state, as_of, measure, found); break;
  }
  return found.Take();
}

Explanation Explain(const PupilState& state, const AsOf& as_of) {
  Explanation explanation{.assessment = Evaluate(state, as_of), .by_factor = {}};
  for (const Factor& factor : as_of.card->card().factors) {
    explanation.by_factor.push_back(EvidenceFor(state, as_of, factor.measure));
  }
  return explanation;
}

WhatIfAnswer WhatIf(const PupilState& state, const std::vector<Fact>& facts, const AsOf& as_of) {
  WhatIfAnswer answer{.state = state, .explanation = {}};
  for (const Fact& fact : facts) Apply(answer.state, fact);
  answer.explanation = Explain(answer.state, as_of);
  return answer;
}

}  // namespace tilts::risk_scoring
