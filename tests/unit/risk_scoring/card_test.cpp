#include <gmock/gmock.h>

#include "risk_samples.hpp"

namespace tilts::risk_scoring {
namespace {

using testing::ColdStart;
using ::testing::ElementsAre;

std::vector<std::string> WhatIsWrongWith(Card card) {
  std::vector<std::string> found;
  const core::Result<CheckedCard> checked = CheckedCard::Make(std::move(card));
  if (checked) return found;
  for (const core::Violation& violation : checked.error().violations) {
    found.push_back(core::Concat(violation.field, " ", violation.code));
  }
  return found;
}

TEST(CardTest, TheColdStartCardMayScore) {
  EXPECT_THAT(WhatIsWrongWith(ColdStart()), ElementsAre());
  const CheckedCard& card = testing::ColdStartCard();
  EXPECT_EQ(card.card().factors.size(), 9U);
  EXPECT_EQ(card.WindowOf(Measure::kAbsenceShare), 60U);
  EXPECT_EQ(card.WindowOf(Measure::kIncidents), 90U);
  EXPECT_EQ(card.WindowOf(Measure::kSuspensions), 180U);
  EXPECT_EQ(card.WindowOf(Measure::kSchoolChanges), 365U);
  EXPECT_EQ(card.card().limit.lessons, 20U);
}

TEST(CardTest, NoDomainAloneReachesTheThirdTierByPoints) {
  for (const PointsDomain& domain : ColdStart().domains) EXPECT_LE(domain.cap, 12U) << domain.domain;
  for (const TierRule& rule : ColdStart().tiers) {
    if (rule.tier == 3 && rule.floors.empty()) {
      EXPECT_GE(rule.domains_at_least, 2U);
    }
  }
}

TEST(CardTest, NamesMustBeKnownAndTheirOwn) {
  Card card = ColdStart();
  card.factors[0].domain = "weather";
  card.factors[1].id = card.factors[0].id;
  card.factors[2].measure = Measure::kAbsenceShare;
  card.factors[2].window_unit = WindowUnit::kSchoolDays;
  card.factors[2].window = 5;
  card.tiers[1].floors[0].factor_id = "height";
  EXPECT_THAT(WhatIsWrongWith(card),
              ElementsAre("factors[0].domain UNKNOWN_DOMAIN", "factors[1].factor_id DUPLICATE_ID",
                          "factors[2].measure DUPLICATE_MEASURE", "tiers[1].floors[0].factor_id UNKNOWN_FACTOR",
                          "tiers[2].floors[0].factor_id UNKNOWN_FACTOR"));
}

TEST(CardTest, BinsRiseInValueAndPoints) {
  Card card = ColdStart();
  card.factors[0].bins[1].at_least = card.factors[0].bins[0].at_least;
  card.factors[0].bins[2].points = 5;
  card.factors[1].bins[0].points = 31;
  card.factors[2].bins.clear();
  card.factors[3].bins[0].evidence.clear();
  EXPECT_THAT(WhatIsWrongWith(card),
              ElementsAre("factors[0].bins[1].at_least NOT_RISING", "factors[0].bins[2].points NOT_RISING",
                          "factors[1].bins[0].points OUT_OF_RANGE", "factors[1].bins[1].points NOT_RISING",
                          "factors[2].bins FIELD_MISSING", "factors[3].bins[0].evidence FIELD_MISSING"));
}

TEST(CardTest, AWindowIsTheMeasuresAndNotLongerThanTheHistory) {
  Card card = ColdStart();
  card.factors[0].window = 151;
  card.factors[1].window_unit = WindowUnit::kSchoolYear;
  card.factors[6].window = 0;
  card.factors[8].window = 366;
  EXPECT_THAT(WhatIsWrongWith(card), ElementsAre("factors[0].window WRONG_WINDOW", "factors[1].window WRONG_WINDOW",
                                                 "factors[6].window WRONG_WINDOW", "factors[8].window WRONG_WINDOW"));
}

TEST(CardTest, EachTierNeedsARuleThatDoesNotAlwaysHold) {
  Card card = ColdStart();
  card.tiers = {{.tier = 2}};
  EXPECT_THAT(WhatIsWrongWith(card), ElementsAre("tiers[0] NO_CONDITION", "tiers NO_TIER_RULE"));
}

TEST(CardTest, ALimitNamesItsLaw) {
  Card card = ColdStart();
  card.limit.legal_version.clear();
  card.limit.lessons = 0;
  card.abstention.records_expected_per_mille = 1001;
  EXPECT_EQ(WhatIsWrongWith(card).size(), 3U);
}

}  // namespace
}  // namespace tilts::risk_scoring
