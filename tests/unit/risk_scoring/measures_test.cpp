#include "risk_scoring/domain/measures.hpp"

#include <gtest/gtest.h>

#include "risk_samples.hpp"

namespace tilts::risk_scoring {
namespace {

using testing::Attended;
using testing::Behaved;
using testing::Closed;
using testing::CloseOf;
using testing::ColdStartCard;
using testing::Enrolled;
using testing::kAutumn;
using testing::kNewYear;
using testing::kOtherSchool;
using testing::kSchool;
using testing::Marked;
using testing::Of;
using testing::Regular;
using testing::Repeated;
using testing::SchoolDay;
using testing::StateOf;
using testing::Withdrawn;

std::int32_t ValueAt(const PupilState& state, const ClosedDays& closed, Measure measure) {
  const AsOf as_of = SeenAt(closed, ColdStartCard(), closed.Latest()->day).value();
  return Of(Evaluate(state, as_of), measure).value;
}

// Ten lessons on each of the first ten school days, `missed` of the hundred.
std::int32_t ShareOf(int missed) {
  PupilState state = StateOf({Enrolled(kAutumn)});
  for (int n = 0; n < 10; ++n) {
    const auto today = static_cast<std::uint8_t>(std::min(10, missed - 10 * n < 0 ? 0 : missed - 10 * n));
    Apply(state, Attended({.day = SchoolDay(n), .offered = 10, .excused = today}));
  }
  return ValueAt(state, Closed(10), Measure::kAbsenceShare);
}

TEST(AbsenceShareTest, IsPerMilleOfLessonsOfferedWhateverTheReason) {
  EXPECT_EQ(ShareOf(5), 50);
  EXPECT_EQ(ShareOf(10), 100);
  EXPECT_EQ(ShareOf(20), 200);
  PupilState state = StateOf(
      {Enrolled(kAutumn), Attended({.day = kAutumn, .offered = 7, .unknown = 1, .excused = 1, .unexcused = 1})});
  EXPECT_EQ(ValueAt(state, Closed(1), Measure::kAbsenceShare), 428);  // rounded down
  EXPECT_EQ(ValueAt(StateOf({Enrolled(kAutumn)}), Closed(1), Measure::kAbsenceShare), 0);
}

TEST(AbsenceShareTest, LooksBackOverSixtySchoolDays) {
  PupilState state = Regular(61);
  Apply(state, Attended({.day = SchoolDay(0), .offered = 6, .excused = 6}, 2));
  EXPECT_EQ(ValueAt(state, Closed(60), Measure::kAbsenceShare), 1000 * 6 / 360);
  EXPECT_EQ(ValueAt(state, Closed(61), Measure::kAbsenceShare), 0);
}

TEST(AbsenceShareTest, FactsOfLaterDaysDoNotCount) {
  PupilState state = Regular(5);
  Apply(state, Attended({.day = SchoolDay(5), .offered = 6, .excused = 6}));
  EXPECT_EQ(ValueAt(state, Closed(5), Measure::kAbsenceShare), 0);
}

TEST(UnexcusedLessonsTest, ALessonOfUnknownReasonCountsOnceThreeSchoolDaysHavePassed) {
  const PupilState state =
      StateOf({Enrolled(kAutumn), Attended({.day = SchoolDay(4), .offered = 6, .unknown = 4, .unexcused = 1})});
  EXPECT_EQ(ValueAt(state, Closed(5), Measure::kUnexcusedLessons), 1);
  EXPECT_EQ(ValueAt(state, Closed(7), Measure::kUnexcusedLessons), 1) << "two school days after it";
  EXPECT_EQ(ValueAt(state, Closed(8), Measure::kUnexcusedLessons), 5) << "three school days after it";
}

TEST(UnexcusedLessonsTest, StartAgainWithTheSemester) {
  const PupilState state = StateOf({Enrolled(kAutumn), Attended({.day = kNewYear - 1, .offered = 6, .unexcused = 6}),
                                    Attended({.day = kNewYear, .offered = 6, .unexcused = 2})});
  ClosedDays closed = Closed(80);
  closed.Close(CloseOf(kNewYear, 2025, 2));
  EXPECT_EQ(ValueAt(state, closed, Measure::kUnexcusedLessons), 2);
}

TEST(UnexcusedLessonsTest, RecordsOfAllSchoolsCountTogether) {
  const PupilState state = StateOf({Enrolled(kAutumn), Attended({.day = kAutumn, .offered = 6, .unexcused = 3}),
                                    Attended({.day = kAutumn, .offered = 6, .unexcused = 2}, 1, kOtherSchool)});
  EXPECT_EQ(ValueAt(state, Closed(1), Measure::kUnexcusedLessons), 5);
}

TEST(SilenceTest, CountsSchoolDaysSinceTheLatestRecordWhileEnrolled) {
  EXPECT_EQ(ValueAt(Regular(3), Closed(3), Measure::kSilentSchoolDays), 0);
  EXPECT_EQ(ValueAt(Regular(3), Closed(13), Measure::kSilentSchoolDays), 10);
  EXPECT_EQ(ValueAt(StateOf({Enrolled(SchoolDay(2))}), Closed(13), Measure::kSilentSchoolDays), 11);
  EXPECT_EQ(ValueAt(StateOf({Enrolled(kAutumn, SchoolDay(5))}), Closed(13), Measure::kSilentSchoolDays), 0);
  EXPECT_EQ(ValueAt(StateOf({Enrolled(kAutumn - 600)}), Closed(13), Measure::kSilentSchoolDays), 13);
}

TEST(FailingSubjectsTest, OnlyTheLatestPeriodWithResultsCounts) {
  const PupilState state = StateOf({Marked(kAutumn - 100, 2, "MAT", 2), Marked(kAutumn - 100, 2, "ENG", 3),
                                    Marked(kAutumn + 100, 1, "MAT", 3), Marked(kAutumn + 100, 1, "ENG", 4)});
  EXPECT_EQ(ValueAt(state, Closed(60), Measure::kFailingSubjects), 2);
  EXPECT_EQ(ValueAt(state, Closed(75), Measure::kFailingSubjects), 1);
}

TEST(FailingSubjectsTest, ResultsOlderThanAYearAreForgotten) {
  const PupilState state = StateOf({Marked(SchoolDay(20) - 364, 1, "MAT", 2)});
  EXPECT_EQ(ValueAt(state, Closed(21), Measure::kFailingSubjects), 1);
  EXPECT_EQ(ValueAt(state, Closed(22), Measure::kFailingSubjects), 0);
}

TEST(MarkFallTest, ComparesWithThePeriodBeforeInHundredths) {
  const std::vector<Fact> before{Marked(kAutumn - 100, 2, "MAT", 8), Marked(kAutumn - 100, 2, "ENG", 7)};
  PupilState state = StateOf(before);
  EXPECT_EQ(ValueAt(state, Closed(80), Measure::kMarkFall), 0) << "nothing to compare with";
  Apply(state, Marked(kAutumn + 100, 1, "MAT", 7));
  Apply(state, Marked(kAutumn + 100, 1, "ENG", 6));
  Apply(state, Marked(kAutumn + 100, 1, "LAT", 6));
  EXPECT_EQ(ValueAt(state, Closed(80), Measure::kMarkFall), 750 - 633);
  Apply(state, Marked(kAutumn + 100, 1, "MAT", 10, 2));
  Apply(state, Marked(kAutumn + 100, 1, "LAT", 10, 2));
  EXPECT_EQ(ValueAt(state, Closed(80), Measure::kMarkFall), 0) << "a rise is no fall";
}

TEST(RepetitionsTest, CountWithoutEnd) {
  PupilState state = StateOf({Repeated(kAutumn - 2000), Repeated(kAutumn), Repeated(kAutumn + 400)});
  EXPECT_EQ(ValueAt(state, Closed(1), Measure::kRepetitions), 2);
  Apply(state, Withdrawn(Repeated(kAutumn), 2));
  EXPECT_EQ(ValueAt(state, Closed(1), Measure::kRepetitions), 1);
}

TEST(BehaviourTest, CountsEachKindInItsOwnWindow) {
  const Day day = SchoolDay(60);
  const PupilState state =
      StateOf({Behaved("1", day - 89, BehaviourKind::kIncident), Behaved("2", day - 90, BehaviourKind::kIncident),
               Behaved("3", day, BehaviourKind::kIncident), Behaved("4", day - 179, BehaviourKind::kSuspension),
               Behaved("5", day - 180, BehaviourKind::kSuspension), Behaved("6", day + 1, BehaviourKind::kSuspension)});
  EXPECT_EQ(ValueAt(state, Closed(61), Measure::kIncidents), 2);
  EXPECT_EQ(ValueAt(state, Closed(61), Measure::kSuspensions), 1);
}

TEST(SchoolChangesTest, AChangeIsAnEnrolmentElsewhereThanBefore) {
  EXPECT_EQ(ValueAt(StateOf({Enrolled(kAutumn)}), Closed(5), Measure::kSchoolChanges), 0);
  const PupilState changed = StateOf({Enrolled(kAutumn - 400, kAutumn - 1, kOtherSchool), Enrolled(kAutumn)});
  EXPECT_EQ(ValueAt(changed, Closed(5), Measure::kSchoolChanges), 1);
  const PupilState returned = StateOf({Enrolled(kAutumn - 400, kAutumn - 30), Enrolled(kAutumn)});
  EXPECT_EQ(ValueAt(returned, Closed(5), Measure::kSchoolChanges), 0) << "the same school again";
  const PupilState together = StateOf({Enrolled(kAutumn, 0, kOtherSchool), Enrolled(kAutumn)});
  EXPECT_EQ(ValueAt(together, Closed(5), Measure::kSchoolChanges), 0) << "neither came first";
}

TEST(SchoolChangesTest, AYearLaterItIsForgotten) {
  const PupilState state =
      StateOf({Enrolled(kAutumn - 900, kAutumn - 365, kOtherSchool), Enrolled(SchoolDay(4) - 364)});
  EXPECT_EQ(ValueAt(state, Closed(5), Measure::kSchoolChanges), 1);
  EXPECT_EQ(ValueAt(state, Closed(6), Measure::kSchoolChanges), 0);
}

TEST(CurrentEnrolmentTest, TheLatestThenTheSmallestInstitution) {
  const PupilState state =
      StateOf({Enrolled(kAutumn, kAutumn + 10), Enrolled(kAutumn, 0, kOtherSchool),
               Enrolled(kAutumn + 5, kAutumn + 6, "school-z"), Withdrawn(Enrolled(kAutumn + 7, 0, "school-y"), 2)});
  const auto school_at = [&](Day day) {
    const EnrolmentEntry* entry = CurrentEnrolment(state, day);
    return entry == nullptr ? std::string() : state.institutions[entry->institution];
  };
  EXPECT_EQ(school_at(kAutumn - 1), "");
  EXPECT_EQ(school_at(kAutumn), kOtherSchool);
  EXPECT_EQ(school_at(kAutumn + 6), "school-z") << "its last day";
  EXPECT_EQ(school_at(kAutumn + 8), kOtherSchool);
}

}  // namespace
}  // namespace tilts::risk_scoring
