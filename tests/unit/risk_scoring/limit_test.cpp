#include <gtest/gtest.h>

#include "risk_samples.hpp"

namespace tilts::risk_scoring {
namespace {

using testing::Attended;
using testing::Closed;
using testing::CloseOf;
using testing::ColdStartCard;
using testing::Enrolled;
using testing::kAutumn;
using testing::kNewYear;
using testing::kOtherSchool;
using testing::kSchool;
using testing::Regular;
using testing::SchoolDay;
using testing::StateOf;
using testing::Withdrawn;

std::vector<LimitEvent> LimitsAt(PupilState& state, const ClosedDays& closed) {
  return CloseDay(state, SeenAt(closed, ColdStartCard(), closed.Latest()->day).value()).limits;
}

// A pupil with `lessons` unexcused ones, five a day from the first school day on.
PupilState Missing(int lessons) {
  PupilState state = Regular(20);
  for (int n = 0; lessons > 0; ++n, lessons -= 5) {
    Apply(
        state,
        Attended({.day = SchoolDay(n), .offered = 6, .unexcused = static_cast<std::uint8_t>(std::min(5, lessons))}, 2));
  }
  return state;
}

TEST(LimitTest, TwentyLessonsAreNotOverTheLineAndTwentyOneAre) {
  PupilState twenty = Missing(20);
  EXPECT_TRUE(LimitsAt(twenty, Closed(20)).empty());
  PupilState more = Missing(21);
  const std::vector<LimitEvent> limits = LimitsAt(more, Closed(20));
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_TRUE(limits[0].crossed);
  EXPECT_EQ(limits[0].lessons, 21U);
  EXPECT_EQ(limits[0].crossing, 1U);
  EXPECT_EQ(limits[0].semester, 1U);
  EXPECT_EQ(limits[0].school_year, 2025);
  EXPECT_EQ(limits[0].institution_id, kSchool);
  EXPECT_EQ(limits[0].evidence.count, 5U);
  EXPECT_TRUE(LimitsAt(more, Closed(21)).empty()) << "said once";
}

TEST(LimitTest, UnknownReasonsCountAfterTheirGrace) {
  PupilState state = Missing(20);
  Apply(state, Attended({.day = SchoolDay(10), .offered = 6, .unknown = 1}, 2));
  EXPECT_TRUE(LimitsAt(state, Closed(13)).empty());
  EXPECT_EQ(LimitsAt(state, Closed(14)).size(), 1U);
}

TEST(LimitTest, ALateExcuseTakesItBackAndAnotherCrossingCountsOn) {
  PupilState state = Missing(21);
  ASSERT_EQ(LimitsAt(state, Closed(20)).size(), 1U);
  Apply(state, Attended({.day = SchoolDay(0), .offered = 6, .excused = 5}, 3));
  const std::vector<LimitEvent> back = LimitsAt(state, Closed(21));
  ASSERT_EQ(back.size(), 1U);
  EXPECT_FALSE(back[0].crossed);
  EXPECT_EQ(back[0].crossing, 1U);
  EXPECT_EQ(back[0].lessons, 16U);
  EXPECT_TRUE(back[0].evidence.facts.empty());
  Apply(state, Attended({.day = SchoolDay(0), .offered = 6, .unexcused = 6}, 4));
  const std::vector<LimitEvent> again = LimitsAt(state, Closed(22));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_TRUE(again[0].crossed);
  EXPECT_EQ(again[0].crossing, 2U);
  EXPECT_EQ(again[0].lessons, 22U);
}

TEST(LimitTest, TheSemesterBeforeIsStillLookedAtButNotTheYearBefore) {
  PupilState state = Missing(21);
  ClosedDays closed = Closed(20);
  ASSERT_EQ(LimitsAt(state, closed).size(), 1U);
  closed.Close(CloseOf(kNewYear + 4, 2025, 2));
  EXPECT_TRUE(LimitsAt(state, closed).empty()) << "the new semester starts at zero";
  Apply(state, Withdrawn(Attended({.day = SchoolDay(0)}), 3));
  closed.Close(CloseOf(kNewYear + 5, 2025, 2));
  const std::vector<LimitEvent> back = LimitsAt(state, closed);
  ASSERT_EQ(back.size(), 1U);
  EXPECT_FALSE(back[0].crossed);
  EXPECT_EQ(back[0].semester, 1U);
  Apply(state, Attended({.day = SchoolDay(0), .offered = 6, .unexcused = 5}, 4));
  closed.Close(CloseOf(SchoolYearStart(2026), 2026));
  EXPECT_TRUE(LimitsAt(state, closed).empty());
}

TEST(LimitTest, BothSemestersMaySpeakOnOneDayTheEarlierFirst) {
  PupilState state = Missing(21);
  ClosedDays closed = Closed(20);
  for (int n = 0; n < 4; ++n) {
    Apply(state, Attended({.day = kNewYear + 4 + n, .offered = 6, .unexcused = 6}));
    closed.Close(CloseOf(kNewYear + 4 + n, 2025, 2));
  }
  const std::vector<LimitEvent> limits = LimitsAt(state, closed);
  ASSERT_EQ(limits.size(), 2U);
  EXPECT_EQ(limits[0].semester, 1U);
  EXPECT_EQ(limits[1].semester, 2U);
  EXPECT_EQ(limits[1].lessons, 24U);
}

TEST(LimitTest, AnUnknownReasonAtTheSemestersEndCountsInTheNextOnesDays) {
  PupilState state = Missing(20);
  Apply(state, Attended({.day = SchoolDay(19), .offered = 6, .unknown = 1}, 2));
  ClosedDays closed = Closed(20);
  EXPECT_TRUE(LimitsAt(state, closed).empty());
  for (int n = 0; n < 3; ++n) closed.Close(CloseOf(kNewYear + 4 + n, 2025, 2));
  const std::vector<LimitEvent> limits = LimitsAt(state, closed);
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_EQ(limits[0].semester, 1U);
}

TEST(LimitTest, TheSchoolOfTheLatestRecordHearsWhenThePupilIsNotEnrolled) {
  PupilState state = Missing(21);
  Apply(state, Enrolled(kAutumn, SchoolDay(18), kSchool, 2));
  Apply(state, Attended({.day = SchoolDay(19), .offered = 6}, 1, kOtherSchool));
  PupilState gone = state;
  std::vector<LimitEvent> limits = LimitsAt(state, Closed(20));
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_EQ(limits[0].institution_id, kOtherSchool) << "of one day, the smaller id";

  ASSERT_EQ(LimitsAt(gone, Closed(20)).size(), 1U);
  for (int n = 0; n < 20; ++n) Apply(gone, Withdrawn(Attended({.day = SchoolDay(n)}), 9));
  Apply(gone, Withdrawn(Attended({.day = SchoolDay(19)}, 1, kOtherSchool), 9));
  limits = LimitsAt(gone, Closed(21));
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_FALSE(limits[0].crossed);
  EXPECT_EQ(limits[0].institution_id, kOtherSchool) << "the one that heard of the crossing";
}

}  // namespace
}  // namespace tilts::risk_scoring
