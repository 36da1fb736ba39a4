#include "risk_scoring/domain/explain.hpp"

#include <gmock/gmock.h>

#include "risk_samples.hpp"

namespace tilts::risk_scoring {
namespace {

using testing::Attended;
using testing::Behaved;
using testing::Closed;
using testing::ColdStartCard;
using ::testing::ElementsAre;
using testing::Enrolled;
using testing::kAutumn;
using testing::kOtherSchool;
using testing::kSchool;
using testing::Marked;
using testing::Regular;
using testing::Repeated;
using testing::SchoolDay;
using testing::StateOf;

Evidence At(const PupilState& state, int days, Measure measure) {
  const ClosedDays closed = Closed(days);
  return EvidenceFor(state, SeenAt(closed, ColdStartCard(), closed.Latest()->day).value(), measure);
}

TEST(ExplainTest, NamesTheRecordsTheLatestFirst) {
  PupilState state = Regular(10);
  Apply(state, Attended({.day = SchoolDay(1), .offered = 6, .unknown = 1, .excused = 2}, 2));
  Apply(state, Attended({.day = SchoolDay(8), .offered = 6, .unexcused = 4}, 3));
  const FactReference later{"attendance", kSchool, SchoolDay(8), 4, 3, ""};
  EXPECT_THAT(At(state, 10, Measure::kAbsenceShare).facts,
              ElementsAre(later, FactReference{"attendance", kSchool, SchoolDay(1), 3, 2, ""}));
  EXPECT_THAT(At(state, 10, Measure::kUnexcusedLessons).facts,
              ElementsAre(later, FactReference{"attendance", kSchool, SchoolDay(1), 1, 2, ""}));
  EXPECT_THAT(At(state, 20, Measure::kSilentSchoolDays).facts,
              ElementsAre(FactReference{"attendance", kSchool, SchoolDay(9), 6, 1, ""}));
}

TEST(ExplainTest, ShowsFortyOfThemAndCountsAll) {
  PupilState state = StateOf({Enrolled(kAutumn)});
  for (int n = 0; n < 50; ++n) Apply(state, Attended({.day = SchoolDay(n), .offered = 6, .excused = 1}));
  const Evidence evidence = At(state, 50, Measure::kAbsenceShare);
  EXPECT_EQ(evidence.count, 50U);
  ASSERT_EQ(evidence.facts.size(), kMaxFactsShown);
  EXPECT_EQ(evidence.facts.front().day, SchoolDay(49));
  EXPECT_EQ(evidence.facts.back().day, SchoolDay(10));
}

TEST(ExplainTest, EachMeasureHasItsOwnRecords) {
  const Day given = SchoolDay(70);
  const PupilState state = StateOf(
      {Enrolled(kAutumn - 300, kAutumn - 200, kOtherSchool), Enrolled(kAutumn), Marked(kAutumn - 100, 2, "MAT", 8),
       Marked(given, 1, "MAT", 3), Marked(given, 1, "ENG", 3), Marked(given, 1, "LAT", 6), Repeated(kAutumn),
       Behaved("1", given, BehaviourKind::kIncident), Behaved("2", given, BehaviourKind::kSuspension)});
  const FactReference english{"result", kSchool, given, 3, 1, "ENG"};
  const FactReference mathematics{"result", kSchool, given, 3, 1, "MAT"};
  EXPECT_THAT(At(state, 80, Measure::kFailingSubjects).facts, ElementsAre(english, mathematics));
  EXPECT_EQ(At(state, 80, Measure::kMarkFall).count, 4U);
  EXPECT_THAT(At(state, 80, Measure::kRepetitions).facts,
              ElementsAre(FactReference{"repetition", kSchool, kAutumn, 6, 1, ""}));
  EXPECT_EQ(At(state, 80, Measure::kIncidents).count, 1U);
  EXPECT_EQ(At(state, 80, Measure::kSuspensions).count, 1U);
  EXPECT_THAT(At(state, 80, Measure::kSchoolChanges).facts,
              ElementsAre(FactReference{"enrolment", kSchool, kAutumn, 1, 1, ""}));
}

TEST(WhatIfTest, AnswersWithTheFactsAddedAndLeavesTheStateAlone) {
  const PupilState state = Regular(20);
  const PupilState before = state;
  const ClosedDays closed = Closed(20);
  const AsOf as_of = SeenAt(closed, ColdStartCard(), SchoolDay(19)).value();
  const WhatIfAnswer answer = WhatIf(state,
                                     {Attended({.day = SchoolDay(3), .offered = 6, .unexcused = 6}, 2),
                                      Attended({.day = SchoolDay(4), .offered = 6, .unexcused = 6}, 2)},
                                     as_of);
  EXPECT_EQ(state, before);
  EXPECT_EQ(answer.explanation.assessment.tier, 2U);
  EXPECT_EQ(answer.explanation.by_factor[0].count, 2U);
  EXPECT_EQ(Explain(state, as_of).assessment.tier, 1U);
}

}  // namespace
}  // namespace tilts::risk_scoring
