#include "risk_scoring/domain/close_day.hpp"

#include <gtest/gtest.h>

#include "risk_samples.hpp"

namespace tilts::risk_scoring {
namespace {

using testing::Attended;
using testing::CloseOf;
using testing::ColdStart;
using testing::ColdStartCard;
using testing::Enrolled;
using testing::kAutumn;
using testing::kOtherSchool;
using testing::kSchool;
using testing::Marked;
using testing::Regular;
using testing::Repeated;
using testing::SchoolDay;

class CloseDayTest : public ::testing::Test {
 protected:
  Outcome Close(PupilState& state, const ClosedDay& day, const CheckedCard& card = ColdStartCard()) {
    closed_.Close(day);
    return CloseDay(state, SeenAt(closed_, card, day.day).value());
  }
  // Closes the school days from `first` to before `end`; the last outcome with something in it.
  Outcome CloseDays(PupilState& state, int first, int end) {
    Outcome said;
    for (int n = first; n < end; ++n) {
      Outcome outcome = Close(state, CloseOf(SchoolDay(n)));
      if (outcome.proposal || !outcome.limits.empty()) said = std::move(outcome);
    }
    return said;
  }

  ClosedDays closed_;
};

TEST_F(CloseDayTest, AProposalIsMadeOnceAndTakenBackOnce) {
  PupilState state = Regular(30);
  Apply(state, Attended({.day = SchoolDay(1), .offered = 6, .unexcused = 6}, 2));
  Apply(state, Attended({.day = SchoolDay(2), .offered = 6, .unexcused = 6}, 2));
  EXPECT_FALSE(CloseDays(state, 0, 9).proposal) << "new in the register";
  const Outcome made = Close(state, CloseOf(SchoolDay(9)));
  ASSERT_TRUE(made.proposal);
  EXPECT_TRUE(made.state_changed);
  EXPECT_EQ(made.proposal->tier, 2U);
  EXPECT_EQ(made.proposal->previous_tier, 1U);
  EXPECT_EQ(made.proposal->institution_id, kSchool);
  EXPECT_EQ(made.proposal->assessment.points, 8) << "12 of 60 lessons";
  EXPECT_EQ(made.proposal->by_factor[0].count, 2U);
  EXPECT_TRUE(made.proposal->by_factor[3].facts.empty());
  const Outcome again = Close(state, CloseOf(SchoolDay(10)));
  EXPECT_TRUE(again.proposal) << "another bin was reached: " << again.proposal->material_digest;
  EXPECT_FALSE(Close(state, CloseOf(SchoolDay(11))).proposal);
  EXPECT_FALSE(Close(state, CloseOf(SchoolDay(12))).state_changed);

  Apply(state, Attended({.day = SchoolDay(1), .offered = 6}, 3));
  Apply(state, Attended({.day = SchoolDay(2), .offered = 6}, 3));
  const Outcome back = Close(state, CloseOf(SchoolDay(13)));
  ASSERT_TRUE(back.proposal);
  EXPECT_EQ(back.proposal->tier, 1U);
  EXPECT_EQ(back.proposal->previous_tier, 2U);
  EXPECT_EQ(back.proposal->assessment.points, 0);
  EXPECT_FALSE(Close(state, CloseOf(SchoolDay(14))).proposal);
}

TEST_F(CloseDayTest, ATransferAsksTheNewSchool) {
  PupilState state = Regular(40);
  Apply(state, Repeated(kAutumn));
  Apply(state, Attended({.day = SchoolDay(12), .offered = 6, .unexcused = 6}, 2));
  Apply(state, Attended({.day = SchoolDay(13), .offered = 6, .unexcused = 6}, 2));
  CloseDays(state, 0, 20);
  ASSERT_EQ(state.proposal.tier, 2);
  Apply(state, Enrolled(kAutumn, SchoolDay(19), kSchool, 2));
  Apply(state, Enrolled(SchoolDay(20), 0, kOtherSchool));
  EXPECT_FALSE(CloseDays(state, 20, 29).proposal) << "new in the register: what was proposed stands";
  EXPECT_EQ(state.proposal.tier, 2);
  const Outcome outcome = Close(state, CloseOf(SchoolDay(29)));
  ASSERT_TRUE(outcome.proposal);
  EXPECT_EQ(outcome.proposal->institution_id, kOtherSchool);
}

TEST_F(CloseDayTest, APupilWhoLeftIsNoLongerProposed) {
  PupilState state = Regular(40);
  Apply(state, Repeated(kAutumn));
  Apply(state, Repeated(kAutumn - 400));
  ASSERT_EQ(CloseDays(state, 0, 20).proposal->tier, 2U);
  Apply(state, Enrolled(kAutumn, SchoolDay(19), kSchool, 2));
  const Outcome outcome = Close(state, CloseOf(SchoolDay(20)));
  ASSERT_TRUE(outcome.proposal);
  EXPECT_EQ(outcome.proposal->tier, 1U);
  EXPECT_EQ(outcome.proposal->previous_tier, 2U);
  EXPECT_EQ(outcome.proposal->institution_id, kSchool);
  EXPECT_TRUE(outcome.proposal->assessment.contributions().empty());
  EXPECT_EQ(outcome.proposal->assessment.abstention, Abstention::kNotEnrolled);
  EXPECT_FALSE(Close(state, CloseOf(SchoolDay(21))).proposal);
}

TEST_F(CloseDayTest, AnotherCardIsSaidAgain) {
  PupilState state = Regular(40);
  Apply(state, Repeated(kAutumn));
  Apply(state, Repeated(kAutumn - 400));
  CloseDays(state, 0, 20);
  Card next = ColdStart();
  next.version = 2;
  const Outcome outcome = Close(state, CloseOf(SchoolDay(20)), CheckedCard::Make(next).value());
  ASSERT_TRUE(outcome.proposal);
  EXPECT_EQ(outcome.proposal->tier, 2U);
  EXPECT_EQ(outcome.proposal->previous_tier, 2U);
}

TEST_F(CloseDayTest, AYearsFirstDayDropsTheYearBeforeThePreviousOne) {
  PupilState state = Regular(40);
  Apply(state, Marked(SchoolDay(39), 1, "MAT", 3));
  Apply(state, Repeated(kAutumn));
  CloseDays(state, 0, 40);
  Close(state, CloseOf(SchoolYearStart(2026), 2026));
  EXPECT_EQ(state.attendance.size(), 40U);
  const Outcome outcome = Close(state, CloseOf(SchoolYearStart(2027), 2027));
  EXPECT_TRUE(outcome.state_changed);
  EXPECT_TRUE(state.attendance.empty());
  EXPECT_TRUE(state.results.empty());
  EXPECT_EQ(state.repetitions.size(), 1U);
  EXPECT_EQ(state.enrolments.size(), 1U);
}

TEST_F(CloseDayTest, RunningSumsSayWhatReadingAnewSays) {
  PupilState state = Regular(80);
  for (int n = 0; n < 80; n += 3) {
    Apply(state, Attended({.day = SchoolDay(n), .offered = 6, .unknown = 1, .unexcused = 1}, 2));
  }
  for (int n = 0; n < 80; ++n) {
    Close(state, CloseOf(SchoolDay(n)));
    PupilState fresh = DecodePupilState(Encode(state)).value();
    const AsOf as_of = SeenAt(closed_, ColdStartCard(), SchoolDay(n)).value();
    EXPECT_EQ(MaterialDigest(ColdStartCard(), Evaluate(state, as_of)),
              MaterialDigest(ColdStartCard(), Evaluate(fresh, as_of)));
    EXPECT_EQ(Evaluate(state, as_of).unexcused_lessons, Evaluate(fresh, as_of).unexcused_lessons);
    EXPECT_EQ(Evaluate(state, as_of).by_factor[0].value, Evaluate(fresh, as_of).by_factor[0].value);
  }
}

}  // namespace
}  // namespace tilts::risk_scoring
