#include "referral_routing/domain/ladder.hpp"

#include <gtest/gtest.h>

#include "calendar/open_time.hpp"
#include "sample_clocks.hpp"

namespace tilts::referral_routing {
namespace {

using namespace testing;

std::vector<std::pair<std::string, CityTime>> Times(const Referral& referral, const calendar::Calendar& calendar) {
  std::vector<std::pair<std::string, CityTime>> times;
  const PolicySet policies = Policies();
  const auto schedule = Schedule(policies, referral, calendar).value();
  for (const auto& rung : schedule) times.emplace_back(rung.rung->id, rung.at);
  return times;
}

using Expected = std::vector<std::pair<std::string, CityTime>>;

struct Vector {
  calendar::LocalDate received;
  calendar::LocalDate state;
  calendar::LocalDate municipal;
};
constexpr calendar::LocalDate D(int y, unsigned m, unsigned d) {
  return calendar::LocalDate{std::chrono::year{y} / m / d};
}

TEST(DueTest, TwoWorkingDaysOfTheGroupFollowTheDutyBearersCalendar) {
  const std::vector<Vector> vectors{
      {D(2024, 5, 3), D(2024, 5, 8), D(2024, 5, 8)},       {D(2024, 12, 20), D(2024, 12, 28), D(2024, 12, 27)},
      {D(2025, 4, 30), D(2025, 5, 7), D(2025, 5, 6)},      {D(2025, 11, 7), D(2025, 11, 10), D(2025, 11, 11)},
      {D(2025, 11, 14), D(2025, 11, 20), D(2025, 11, 19)}, {D(2025, 12, 23), D(2025, 12, 30), D(2025, 12, 30)},
      {D(2026, 1, 16), D(2026, 1, 19), D(2026, 1, 20)},    {D(2026, 4, 2), D(2026, 4, 8), D(2026, 4, 8)},
      {D(2026, 6, 19), D(2026, 6, 26), D(2026, 6, 25)},    {D(2023, 7, 7), D(2023, 7, 12), D(2023, 7, 12)}};
  for (const Vector& vector : vectors) {
    const CityTime noon = calendar::StartOfDay(vector.received) + std::chrono::hours{12};
    EXPECT_EQ(SentAt(noon, Load("state"), "group").due.answer, calendar::EndOfDay(vector.state));
    EXPECT_EQ(SentAt(noon, Load("municipal"), "group").due.answer, calendar::EndOfDay(vector.municipal));
  }
}

TEST(ScheduleTest, FridayEveningReferralFiresNothingBeforeMonday) {
  const auto calendar = Load("municipal");
  const Referral referral = SentAt(Riga(2026, 3, 6, 19), calendar);
  EXPECT_EQ(Times(referral, calendar), (Expected{{"remind-90", Riga(2026, 3, 9, 8, 30)},
                                                 {"head", Riga(2026, 3, 10, 8, 30)},
                                                 {"coordinator", Riga(2026, 3, 11, 8, 30)},
                                                 {"last", Riga(2026, 3, 12, 8, 30)}}));
}

TEST(ScheduleTest, ChristmasIsNotCounted) {
  const auto calendar = Load("municipal");
  const Referral referral = SentAt(Riga(2025, 12, 23, 10), calendar);
  // 24, 25, 26 and 31 December, 1 January and weekends are days off.
  EXPECT_EQ(Times(referral, calendar), (Expected{{"remind-90", Riga(2025, 12, 29, 8, 30)},
                                                 {"head", Riga(2025, 12, 30, 8, 30)},
                                                 {"coordinator", Riga(2026, 1, 2, 8, 30)},
                                                 {"last", Riga(2026, 1, 5, 8, 30)}}));
}

TEST(ScheduleTest, ImminentDangerFiresAtNight) {
  const auto calendar = Load("state");
  const CityTime night = Riga(2026, 3, 8, 2, 15);
  EXPECT_EQ(Times(SentAt(night, calendar, "imminent"), calendar),
            (Expected{{"second-channel", night + std::chrono::minutes{2}},
                      {"duty-officer", night + std::chrono::minutes{15}},
                      {"last", night + std::chrono::minutes{30}}}));
}

TEST(ScheduleTest, AnswerClockRemindsAtHalfAndAtNinetyPercent) {
  const auto calendar = Load("municipal");
  Referral referral = SentAt(Riga(2026, 3, 2, 10), calendar);
  referral.state = ReferralState::kReceived;
  referral.received_at = Riga(2026, 3, 2, 11);
  EXPECT_EQ(Times(referral, calendar), (Expected{{"remind-50", Riga(2026, 3, 5, 8, 30)},
                                                 {"remind-90", Riga(2026, 3, 9, 8, 30)},
                                                 {"head", Riga(2026, 3, 10, 8, 30)},
                                                 {"coordinator", Riga(2026, 3, 11, 8, 30)},
                                                 {"last", Riga(2026, 3, 12, 8, 30)}}));
}

TEST(ScheduleTest, WhoAcknowledgesAfterTheAnswerWasDueGetsTheLaddersPace) {
  const auto calendar = Load("municipal");
  Referral referral = SentAt(Riga(2026, 3, 2, 10), calendar);
  referral.state = ReferralState::kReceived;
  referral.received_at = Riga(2026, 3, 16, 10);
  EXPECT_EQ(Times(referral, calendar),
            (Expected{{"coordinator", Riga(2026, 3, 17, 8, 30)}, {"last", Riga(2026, 3, 18, 8, 30)}}));
}

TEST(ScheduleTest, AHoldMovesTheOutcomeClockByItsWorkingDays) {
  const auto calendar = Load("municipal");
  Referral referral = SentAt(Riga(2026, 3, 2, 10), calendar);
  referral.state = ReferralState::kAccepted;
  referral.received_at = referral.answered_at = Riga(2026, 3, 2, 11);
  const CityTime before = *referral.due.outcome;
  const auto first = Times(referral, calendar).front();
  referral.holds = {{Riga(2026, 3, 3, 9), Riga(2026, 3, 11, 9)}};
  referral.due = ComputeDue(*Policies().FindPolicy("ordinary"), referral, calendar).value();
  EXPECT_GT(*referral.due.outcome, before);
  EXPECT_GT(Times(referral, calendar).front().second, first.second);
  referral.holds = {{Riga(2026, 3, 6, 17), Riga(2026, 3, 9, 8)}};
  EXPECT_EQ(ComputeDue(*Policies().FindPolicy("ordinary"), referral, calendar)->outcome, before)
      << "a weekend grants nothing";
}

TEST(ScheduleTest, NoClockRunsOnceClosed) {
  const auto calendar = Load("municipal");
  Referral referral = SentAt(Riga(2026, 3, 2, 10), calendar);
  referral.state = ReferralState::kCompleted;
  EXPECT_TRUE(Times(referral, calendar).empty());
}

TEST(NextRungTest, EachRungComesOnceInOrder) {
  const auto calendar = Load("municipal");
  const PolicySet policies = Policies();
  const Referral referral = SentAt(Riga(2026, 3, 2, 10), calendar);
  FiredRungs fired;
  std::vector<std::string> order;
  while (const auto next = NextRung(policies, referral, calendar, fired).value()) {
    order.push_back(next->rung->id);
    ASSERT_TRUE(fired.insert({next->clock, next->rung->id}).second);
  }
  EXPECT_EQ(order, (std::vector<std::string>{"remind-90", "head", "coordinator", "last"}));
}

TEST(EffectTest, TheLastRungEndsAReplaceableDutyAndOnlyMarksAnExclusiveOne) {
  const PolicySet policies = Policies();
  const Rung& last = policies.FindLadder("standard")->rungs.back();
  Referral referral;
  referral.state = ReferralState::kRequested;
  referral.ask.duty = Duty::kReplaceable;
  EXPECT_EQ(EffectOf(last, referral), RungEffect::kExpire);
  referral.ask.duty = Duty::kExclusive;
  EXPECT_EQ(EffectOf(last, referral), RungEffect::kMarkOverdue);
  referral.ask.duty = Duty::kReplaceable;
  referral.state = ReferralState::kAccepted;
  EXPECT_EQ(EffectOf(last, referral), RungEffect::kMarkOverdue);
}

}  // namespace
}  // namespace tilts::referral_routing
