#include <gmock/gmock.h>

#include "risk_samples.hpp"

namespace tilts::risk_scoring {
namespace {

using testing::Attended;
using testing::Behaved;
using ::testing::ElementsAre;
using testing::Enrolled;
using testing::kAutumn;
using testing::kOtherSchool;
using testing::kSchool;
using testing::Marked;
using testing::Repeated;
using testing::StateOf;
using testing::Withdrawn;

const Attendance kDay{.day = kAutumn, .offered = 6, .unexcused = 2};
const Attendance kExcusedLater{.day = kAutumn, .offered = 6, .excused = 2};

TEST(ApplyTest, AGreaterRevisionWinsWhicheverComesFirst) {
  PupilState state;
  EXPECT_EQ(Apply(state, Attended(kDay, 1)), Applied::kChanged);
  EXPECT_EQ(Apply(state, Attended(kExcusedLater, 2)), Applied::kChanged);
  EXPECT_EQ(Apply(state, Attended(kDay, 1)), Applied::kStale);
  EXPECT_EQ(state, StateOf({Attended(kExcusedLater, 2), Attended(kDay, 1)}));
  ASSERT_EQ(state.attendance.size(), 1U);
  EXPECT_EQ(state.attendance[0].excused, 2);
  EXPECT_EQ(state.attendance[0].unexcused, 0);
}

TEST(ApplyTest, TheSameAgainIsSaidToBeTheSame) {
  PupilState state = StateOf({Attended(kDay)});
  const PupilState before = state;
  EXPECT_EQ(Apply(state, Attended(kDay)), Applied::kSame);
  EXPECT_EQ(state, before);
}

TEST(ApplyTest, OfOneRevisionTheSmallerContributionStaysAndTheConflictIsTold) {
  PupilState one = StateOf({Attended(kDay)});
  EXPECT_EQ(Apply(one, Attended(kExcusedLater)), Applied::kConflict);
  PupilState two = StateOf({Attended(kExcusedLater)});
  EXPECT_EQ(Apply(two, Attended(kDay)), Applied::kConflict);
  EXPECT_EQ(one, two);
  EXPECT_EQ(one.attendance[0].unexcused, 2);  // (6, 0, 0, 0, 2) before (6, 0, 0, 2, 0)
}

TEST(ApplyTest, AWithdrawalCountsNothingAndOutranksWhatItTookBack) {
  PupilState state = StateOf({Attended(kDay), Withdrawn(Attended(kDay), 2)});
  EXPECT_EQ(Apply(state, Attended(kDay)), Applied::kStale);
  ASSERT_EQ(state.attendance.size(), 1U);
  EXPECT_TRUE(state.attendance[0].withdrawn());
  EXPECT_EQ(state.recorded_days.Count(kAutumn, kAutumn), 0U);
  EXPECT_EQ(Apply(state, Attended(kDay, 3)), Applied::kChanged);
  EXPECT_EQ(state.attendance[0].unexcused, 2);
  EXPECT_EQ(state.recorded_days.Count(kAutumn, kAutumn), 1U);
}

TEST(ApplyTest, AWithdrawalSaysItsKeyOnly) {
  Fact bare = Withdrawn(Marked(kAutumn + 5, 1, "MAT", 3), 2);
  std::get<SubjectResult>(bare.content).mark = 0;
  ASSERT_TRUE(CheckFact(bare).has_value());
  PupilState state = StateOf({bare});
  EXPECT_EQ(Apply(state, Withdrawn(Marked(kAutumn + 9, 1, "MAT", 7), 2)), Applied::kSame);
}

TEST(ApplyTest, TwoSchoolsMayRecordOneDay) {
  PupilState state = StateOf({Attended(kDay, 1, kSchool), Attended(kDay, 1, kOtherSchool)});
  EXPECT_THAT(state.institutions, ElementsAre(kOtherSchool, kSchool));
  ASSERT_EQ(state.attendance.size(), 2U);
  EXPECT_EQ(state.attendance[0].institution, 0);
  Apply(state, Withdrawn(Attended(kDay, 1, kSchool), 2));
  EXPECT_EQ(state.recorded_days.Count(kAutumn, kAutumn), 1U) << "the other school's record still counts";
}

TEST(ApplyTest, ANewNameMovesTheOthersUp) {
  PupilState state = StateOf({Enrolled(kAutumn, 0, kSchool), Marked(kAutumn + 90, 1, "MAT", 5)});
  state.proposal.institution = InstitutionIndex{0};
  Apply(state, Enrolled(kAutumn - 400, kAutumn - 1, kOtherSchool));
  Apply(state, Marked(kAutumn + 90, 1, "ENG", 6));
  EXPECT_EQ(state.enrolments[1].institution, 1);
  EXPECT_EQ(state.proposal.institution, InstitutionIndex{1});
  EXPECT_THAT(state.subjects, ElementsAre("ENG", "MAT"));
  EXPECT_EQ(state.results[0].mark, 6);
  EXPECT_EQ(state.results[1].subject, 1);
}

TEST(ApplyTest, AResultIsOfItsSchoolYearPeriodAndSubject) {
  PupilState state = StateOf({Marked(kAutumn + 100, 1, "MAT", 3)});
  EXPECT_EQ(Apply(state, Marked(kAutumn + 105, 1, "MAT", 4, 2)), Applied::kChanged);
  EXPECT_EQ(state.results.size(), 1U);
  Apply(state, Marked(kAutumn - 100, 1, "MAT", 5));  // the school year before
  EXPECT_EQ(state.results.size(), 2U);
}

TEST(ApplyTest, OldYearsAreDroppedWithTheNamesOnlyTheyUsed) {
  PupilState state = StateOf(
      {Enrolled(kAutumn, 0, kSchool), Attended({.day = kAutumn - 1, .offered = 5}, 1, kOtherSchool),
       Attended({.day = kAutumn, .offered = 5}), Marked(kAutumn - 90, 2, "ENG", 6), Marked(kAutumn + 90, 1, "MAT", 6),
       Repeated(kAutumn - 730), Behaved("1", kAutumn - 3, BehaviourKind::kIncident),
       Withdrawn(Behaved("2", kAutumn - 3, BehaviourKind::kIncident), 2)});
  EXPECT_TRUE(DropBefore(state, 2025));
  EXPECT_EQ(state.attendance.size(), 1U);
  EXPECT_EQ(state.results.size(), 1U);
  EXPECT_EQ(state.repetitions.size(), 1U);
  ASSERT_EQ(state.behaviour.size(), 1U);
  EXPECT_TRUE(state.behaviour[0].withdrawn());
  EXPECT_THAT(state.institutions, ElementsAre(kSchool));
  EXPECT_THAT(state.subjects, ElementsAre("MAT"));
  EXPECT_FALSE(DropBefore(state, 2025));
}

TEST(CheckFactTest, EachFieldOutsideItsRangeIsNamed) {
  Fact fact = Attended({.day = 0, .offered = 4, .late = 2, .unknown = 1, .unexcused = 2}, 0, "");
  const core::Status checked = CheckFact(fact);
  ASSERT_FALSE(checked.has_value());
  std::vector<std::string> fields;
  for (const core::Violation& violation : checked.error().violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("stamp.revision", "stamp.institution_id", "day", "late"));
  EXPECT_FALSE(CheckFact(Enrolled(kAutumn, kAutumn - 1)).has_value());
  EXPECT_FALSE(CheckFact(Marked(kAutumn, 3, "MAT", 11)).has_value());
  EXPECT_FALSE(CheckFact(Behaved("1", kAutumn, BehaviourKind::kUnspecified)).has_value());
  EXPECT_TRUE(CheckFact(Repeated(kAutumn)).has_value());
}

}  // namespace
}  // namespace tilts::risk_scoring
