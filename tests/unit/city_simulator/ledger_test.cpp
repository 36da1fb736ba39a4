#include "city_simulator/ledger/ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tilts::city_simulator {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const Instant kNoon = *Read("2025-10-27T10:00:00Z");
const Instant kLater = kNoon + std::chrono::hours{1};

// One of each, expected and seen.
class LedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const Kind kind : kKinds) {
      ledger_.Expect(kind, "the one", kNoon);
      ledger_.See(kind, "the one", kNoon);
    }
    ledger_.ExpectAudit(3);
    ledger_.SeeAudit(3);
  }

  Ledger ledger_;
};

TEST_F(LedgerTest, BalancesWhenBothSidesAgree) {
  const auto verdict = ledger_.Close(7);
  EXPECT_TRUE(verdict.balanced);
  EXPECT_THAT(verdict.differences, IsEmpty());
  EXPECT_EQ(
      verdict.last_line,
      "main job: balanced reports=1/1 cases=1/1 referrals=1/1 deliveries=1/1 answers=1/1 escalations=1/1 audit=3/3 "
      "facts=0/0 limits=1/1 proposals=1/1 conflicts=1/1 stale=1/1 indicators=0/0 nonzero=0 lost=0 doubled=0 early=0 "
      "leaked=0 seed=7");
}

TEST_F(LedgerTest, WhatIsMissingIsLost) {
  ledger_.Expect(Kind::kDelivery, "another", kNoon);
  const auto verdict = ledger_.Close(7);
  EXPECT_FALSE(verdict.balanced);
  EXPECT_THAT(verdict.last_line, StartsWith("main job: NOT BALANCED"));
  EXPECT_THAT(verdict.last_line, HasSubstr(" deliveries=2/1 "));
  EXPECT_THAT(verdict.last_line, HasSubstr(" lost=1 "));
  EXPECT_THAT(verdict.differences, Contains(HasSubstr("another")));
}

TEST_F(LedgerTest, AComplaintStandsBeforeWhatFollowsFromIt) {
  ledger_.Expect(Kind::kDelivery, "another", kNoon);
  ledger_.Complain("no rest");
  EXPECT_EQ(ledger_.Close(7).differences.front(), "no rest");
}

TEST_F(LedgerTest, WhatNobodyExpectedDoesNotBalance) {
  ledger_.See(Kind::kReferral, "stranger", kNoon);
  EXPECT_FALSE(ledger_.Close(7).balanced);
}

TEST_F(LedgerTest, WhatCameBeforeItsTimeIsEarly) {
  ledger_.Expect(Kind::kEscalation, "reminder", kLater);
  ledger_.See(Kind::kEscalation, "reminder", kNoon);
  EXPECT_THAT(ledger_.Close(7).last_line, HasSubstr(" early=1 "));
}

TEST_F(LedgerTest, WhatHappenedTwiceIsDoubled) {
  ledger_.SeeAgain(Kind::kDelivery, "the one");
  EXPECT_THAT(ledger_.Close(7).last_line, HasSubstr(" doubled=1 "));
  EXPECT_FALSE(ledger_.Close(7).balanced);
}

TEST_F(LedgerTest, ALeakAMissingRecordAndAComplaintEachSpoilIt) {
  ledger_.SeeLeaks(1);
  EXPECT_FALSE(ledger_.Close(7).balanced);
  ledger_.SeeLeaks(0);
  ledger_.SeeAudit(2);
  EXPECT_FALSE(ledger_.Close(7).balanced);
  ledger_.SeeAudit(3);
  EXPECT_TRUE(ledger_.Close(7).balanced);
  ledger_.Complain("a bad signature");
  EXPECT_FALSE(ledger_.Close(7).balanced);
}

TEST_F(LedgerTest, FactsThatAreNotFoundAndIndicatorsThatDifferSpoilIt) {
  ledger_.SetFacts(5, 5);
  ledger_.SetIndicators(7, 7, 3);
  EXPECT_THAT(ledger_.Close(7).last_line,
              HasSubstr(" facts=5/5 limits=1/1 proposals=1/1 conflicts=1/1 stale=1/1 indicators=7/7 nonzero=3 "));
  ledger_.SetFacts(5, 4);
  EXPECT_FALSE(ledger_.Close(7).balanced);
  ledger_.SetFacts(5, 5);
  ledger_.SetIndicators(7, 6, 3);
  EXPECT_FALSE(ledger_.Close(7).balanced);
}

TEST(EmptyLedgerTest, ARunInWhichNothingHappenedProvesNothing) {
  EXPECT_FALSE(Ledger().Close(7).balanced);
}

class SabotageTest : public LedgerTest, public testing::WithParamInterface<const char*> {};

TEST_P(SabotageTest, IsNoticed) {
  ASSERT_TRUE(ledger_.Sabotage(GetParam()));
  EXPECT_FALSE(ledger_.Close(7).balanced);
}

INSTANTIATE_TEST_SUITE_P(Each, SabotageTest, testing::Values("receipt", "delivery", "deadline", "audit"));

}  // namespace
}  // namespace tilts::city_simulator
