// The simulator's own reckoning of score, proposals and limits, by small histories computed by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "city_simulator/time/school_year.hpp"
#include "city_simulator/truth/card.hpp"
#include "city_simulator/truth/evening.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: codes of the histories
using namespace tilts::risk::v1;   // NOLINT: the card's words
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kCard = R"({"card_id": "test", "version": 2, "pass_mark": 4,
  "factors": [
    {"factor_id": "absence", "domain": "attendance", "measure": "MEASURE_ABSENCE_SHARE", "window": 3,
     "bins": [{"at_least": 50, "points": 2}, {"at_least": 100, "points": 5}, {"at_least": 200, "points": 8}]},
    {"factor_id": "unexcused", "domain": "attendance", "measure": "MEASURE_UNEXCUSED_LESSONS",
     "bins": [{"at_least": 10, "points": 5}, {"at_least": 21, "points": 8}]},
    {"factor_id": "silence", "domain": "attendance", "measure": "MEASURE_SILENT_SCHOOL_DAYS",
     "bins": [{"at_least": 3, "points": 6}]},
    {"factor_id": "failing", "domain": "marks", "measure": "MEASURE_FAILING_SUBJECTS",
     "bins": [{"at_least": 1, "points": 6}, {"at_least": 2, "points": 8}]},
    {"factor_id": "fall", "domain": "marks", "measure": "MEASURE_MARK_FALL", "bins": [{"at_least": 100, "points": 6}]},
    {"factor_id": "changes", "domain": "mobility", "measure": "MEASURE_SCHOOL_CHANGES", "window": 365,
     "bins": [{"at_least": 1, "points": 4}]}],
  "domains": [{"domain": "attendance", "cap": 12}, {"domain": "marks", "cap": 12, "sum": true},
              {"domain": "mobility", "cap": 4}],
  "tiers": [{"tier": 2, "points_at_least": 10}, {"tier": 2, "floors": [{"factor_id": "absence", "at_least": 100}]},
            {"tier": 3, "points_at_least": 20, "domains_at_least": 2}],
  "abstention": {"lessons_observed_at_least": 10, "records_expected_per_mille": 600, "enrolled_school_days_at_least": 2},
  "limit": {"lessons": 20, "unknown_grace_school_days": 2}})";

const int kFirst = NumberOf(*ReadDay("2025-09-01"));  // a Monday

// School days from 1 September 2025 on, week-ends left out.
std::vector<ClosedDay> Closed(int count) {
  std::vector<ClosedDay> days;
  for (int day = kFirst; static_cast<int>(days.size()) < count; ++day) {
    if ((day - kFirst) % 7 < 5) days.push_back({day, "2025/26", 1, kFirst, kFirst});
  }
  return days;
}

PlainFact Enrolled(int from, const char* school = "school-1", int to = 0) {
  PlainFact fact;
  fact.kind = FactKind::kEnrolment;
  fact.school = school;
  fact.day = from;
  fact.key = std::to_string(from);
  fact.to_day = to;
  fact.grade = 8;
  return fact;
}

PlainFact Lessons(int day, unsigned unexcused, unsigned unknown = 0, unsigned excused = 0) {
  PlainFact fact;
  fact.kind = FactKind::kAttendance;
  fact.school = "school-1";
  fact.day = day;
  fact.key = std::to_string(day);
  fact.offered = 7;
  fact.unexcused = unexcused;
  fact.unknown = unknown;
  fact.excused = excused;
  return fact;
}

PlainFact Mark(int day, unsigned period, const char* subject, unsigned mark) {
  PlainFact fact;
  fact.kind = FactKind::kResult;
  fact.school = "school-1";
  fact.day = day;
  fact.period = period;
  fact.mark = mark;
  fact.key = SchoolYearOf(DayOf(day)) + " " + std::to_string(period) + " " + subject;
  return fact;
}

class TruthTest : public testing::Test {
 protected:
  TruthTest() {
    EXPECT_EQ(ReadCard(kCard, card_), "");
    history_.Take(Enrolled(kFirst));
  }

  Score On(int school_day) {
    closed_ = Closed(school_day);
    return ScoreOf({card_, closed_, history_});
  }
  Evenings::Said Close(int school_day) {
    closed_ = Closed(school_day);
    return evenings_.Close({card_, closed_, history_});
  }
  int Value(const char* factor, int school_day) {
    closed_ = Closed(school_day);
    for (const auto& each : card_.factors()) {
      if (each.factor_id() == factor) return MeasureOf(each, {card_, closed_, history_});
    }
    return -1;
  }

  Card card_;
  History history_;
  std::vector<ClosedDay> closed_;
  Evenings evenings_;
};

TEST_F(TruthTest, TheHighestBinOfADomainCountsAndIsASumOfContributions) {
  history_.Take(Lessons(kFirst, 0));
  history_.Take(Lessons(kFirst + 1, 7));
  history_.Take(Lessons(kFirst + 2, 4));
  const Score score = On(3);
  // 11 of 21 lessons: 523 per mille for 8 points; 11 unexcused lessons for 5 are in the same domain.
  EXPECT_THAT(score.shares, ElementsAre(Share{"absence", 523, 8, 200}));
  EXPECT_EQ(score.points, 8);
  EXPECT_EQ(score.tier, 2U);
  EXPECT_EQ(score.unexcused_lessons, 11);
  EXPECT_EQ(score.material, "test 2 2 absence>=200 unexcused>=10");
}

TEST_F(TruthTest, TheWindowHoldsTheLatestClosedDaysOnly) {
  history_.Take(Lessons(kFirst, 7));
  for (int day = 1; day < 4; ++day) history_.Take(Lessons(kFirst + day, 0));
  EXPECT_EQ(Value("absence", 3), 333);
  EXPECT_EQ(Value("absence", 4), 0);
  EXPECT_EQ(Value("unexcused", 4), 7);
}

TEST_F(TruthTest, AnOlderRevisionChangesNothingAndAWithdrawnOneDoesNotCount) {
  PlainFact newer = Lessons(kFirst, 0, 0, 7);
  newer.revision = 3;
  history_.Take(newer);
  PlainFact older = Lessons(kFirst, 7);
  older.revision = 2;
  history_.Take(older);
  EXPECT_EQ(Value("unexcused", 1), 0);
  EXPECT_EQ(Value("absence", 1), 1000);
  newer.revision = 4;
  newer.withdrawn = true;
  history_.Take(newer);
  EXPECT_EQ(Value("absence", 1), 0);
  EXPECT_EQ(Value("silence", 1), 1);
}

TEST_F(TruthTest, ALessonOfUnknownReasonCountsOnceItsGracePassed) {
  history_.Take(Lessons(kFirst, 1, 3));
  EXPECT_EQ(Value("unexcused", 1), 1);
  EXPECT_EQ(Value("unexcused", 2), 1);
  EXPECT_EQ(Value("unexcused", 3), 4);
}

TEST_F(TruthTest, SilenceIsCountedFromTheLatestRecord) {
  EXPECT_EQ(Value("silence", 3), 3);
  history_.Take(Lessons(kFirst + 1, 0));
  EXPECT_EQ(Value("silence", 3), 1);
  EXPECT_EQ(Value("silence", 6), 4);
  PlainFact left = Enrolled(kFirst, "school-1", kFirst + 2);
  left.revision = 2;
  history_.Take(left);
  EXPECT_EQ(Value("silence", 6), 0);
}

TEST_F(TruthTest, MarksAreThoseOfTheLatestPeriodAndFallAgainstTheOneBefore) {
  history_.Take(Mark(kFirst - 100, 2, "MATH", 8));
  history_.Take(Mark(kFirst - 100, 2, "LV", 7));
  EXPECT_EQ(Value("fall", 1), 0);
  EXPECT_EQ(Value("failing", 1), 0);
  history_.Take(Mark(kFirst, 1, "MATH", 3));
  history_.Take(Mark(kFirst, 1, "LV", 4));
  history_.Take(Mark(kFirst, 1, "ENG", 4));
  // 750 against 366; only the 3 fails.
  EXPECT_EQ(Value("fall", 1), 384);
  EXPECT_EQ(Value("failing", 1), 1);
  // Level and fall add up to the domain's cap.
  for (int day = 0; day < 2; ++day) history_.Take(Lessons(kFirst + day, 0));
  PlainFact worse = Mark(kFirst, 1, "LV", 3);
  worse.revision = 2;
  history_.Take(worse);
  EXPECT_THAT(On(2).shares, ElementsAre(Share{"failing", 2, 8, 2}, Share{"fall", 417, 4, 100}));
}

TEST_F(TruthTest, MarksOlderThanAYearAreForgotten) {
  history_.Take(Mark(kFirst - 365, 1, "MATH", 2));
  EXPECT_EQ(Value("failing", 1), 0);
  history_.Take(Mark(kFirst - 364, 1, "LV", 2));
  EXPECT_EQ(Value("failing", 1), 1);
}

TEST_F(TruthTest, AnotherSchoolBeforeMakesAChange) {
  EXPECT_EQ(Value("changes", 1), 0);
  history_.Take(Enrolled(kFirst - 300, "school-2", kFirst - 1));
  EXPECT_EQ(Value("changes", 1), 1);
}

TEST_F(TruthTest, ItAbstainsForWantOfDaysRecordsAndLessons) {
  EXPECT_EQ(On(1).abstention, ABSTENTION_REASON_NEW_IN_REGISTER);
  EXPECT_EQ(On(2).abstention, ABSTENTION_REASON_FEW_LESSONS);
  history_.Take(Lessons(kFirst + 4, 0));
  EXPECT_EQ(On(5).abstention, ABSTENTION_REASON_FEW_RECORDS);
  history_.Take(Lessons(kFirst, 0));
  history_.Take(Lessons(kFirst + 1, 0));
  EXPECT_EQ(On(5).abstention, ABSTENTION_REASON_UNSPECIFIED);
  EXPECT_EQ(On(5).tier, 1U);
}

TEST_F(TruthTest, AProposalIsMadeOnceAndAgainWhenItChanges) {
  history_.Take(Lessons(kFirst, 0));
  history_.Take(Lessons(kFirst + 1, 2));
  EXPECT_THAT(Close(1).proposals, IsEmpty());
  const auto first = Close(2).proposals;
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].tier, 2U);
  EXPECT_EQ(first[0].previous, 1U);
  history_.Take(Lessons(kFirst + 2, 1));
  EXPECT_THAT(Close(3).proposals, IsEmpty());
  PlainFact worse = Lessons(kFirst + 2, 3);
  worse.revision = 2;
  history_.Take(worse);
  EXPECT_THAT(Close(3).proposals, SizeIs(1));
  PlainFact left = Enrolled(kFirst, "school-1", kFirst + 2);
  left.revision = 2;
  history_.Take(left);
  const auto last = Close(4).proposals;
  ASSERT_THAT(last, SizeIs(1));
  EXPECT_EQ(last[0].tier, 1U);
  EXPECT_EQ(last[0].school, "school-1");
  EXPECT_THAT(Close(5).proposals, IsEmpty());
}

TEST_F(TruthTest, TheLineIsCrossedByTheTwentyFirstLessonOnly) {
  history_.Take(Lessons(kFirst, 7));
  history_.Take(Lessons(kFirst + 1, 7));
  history_.Take(Lessons(kFirst + 2, 6));
  EXPECT_THAT(Close(3).limits, IsEmpty());
  history_.Take(Lessons(kFirst + 3, 1));
  const auto crossed = Close(4).limits;
  ASSERT_THAT(crossed, SizeIs(1));
  EXPECT_TRUE(crossed[0].crossed);
  EXPECT_EQ(crossed[0].lessons, 21);
  PlainFact excused = Lessons(kFirst, 0, 0, 7);
  excused.revision = 2;
  history_.Take(excused);
  const auto retracted = Close(5).limits;
  ASSERT_THAT(retracted, SizeIs(1));
  EXPECT_FALSE(retracted[0].crossed);
  EXPECT_EQ(retracted[0].crossing, 1U);
  history_.Take(Lessons(kFirst + 7, 7));
  const auto again = Close(6).limits;
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].crossing, 2U);
  EXPECT_EQ(again[0].school, "school-1");
}

TEST(SchoolYearTest, SemestersBeginWithTheSchoolYearAndInJanuary) {
  EXPECT_EQ(SchoolYearOf(*ReadDay("2025-08-31")), "2024/25");
  EXPECT_EQ(SchoolYearOf(*ReadDay("2025-09-01")), "2025/26");
  EXPECT_EQ(SemesterOf(*ReadDay("2025-12-19"))->number, 1U);
  const auto second = SemesterOf(*ReadDay("2026-01-05"));
  EXPECT_EQ(second->number, 2U);
  EXPECT_EQ(second->school_year, "2025/26");
  EXPECT_EQ(WriteDay(second->year_from), "2025-09-01");
}

}  // namespace
}  // namespace tilts::city_simulator
