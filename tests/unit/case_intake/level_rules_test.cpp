#include "case_intake/domain/level_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tilts::case_intake {
namespace {

const LevelRule kAny{.id = "any", .level = 1, .urgency = Urgency::kRoutine};

std::vector<std::string> CodesOf(const LevelRules& rules) {
  const core::Status status = Validate(rules);
  std::vector<std::string> codes;
  if (!status) {
    for (const core::Violation& violation : status.error().violations) codes.push_back(violation.code);
  }
  return codes;
}

TEST(LevelRulesTest, AreRefusedWhenTheyLeaveAGap) {
  using ::testing::ElementsAre;
  EXPECT_THAT(CodesOf({"1", {kAny}}), ElementsAre());
  EXPECT_THAT(CodesOf({"", {kAny}}), ElementsAre("REQUIRED"));
  EXPECT_THAT(CodesOf({"1", {kAny, kAny}}), ElementsAre("DUPLICATE"));
  EXPECT_THAT(CodesOf({"1", {kAny, {.id = "x", .level = 4}}}), ElementsAre("OUT_OF_RANGE"));
  EXPECT_THAT(CodesOf({"1", {kAny, {.id = "x"}}}), ElementsAre("SAYS_NOTHING"));
  EXPECT_THAT(CodesOf({"1", {{.id = "x", .level = 1}}}), ElementsAre("NO_CATCH_ALL"));
}

TEST(LevelRulesTest, ApplyWhenEveryConditionHolds) {
  const LevelRules rules{"1",
                         {kAny,
                          {.id = "both",
                           .streams = {Stream::kViolence},
                           .concerns = {Concern::kPhysical, Concern::kCyber},
                           .aggravating = {Aggravating::kGroup},
                           .places = {Place::kSchool},
                           .level = 2}}};
  CaseFacts facts;
  facts.stream = Stream::kViolence;
  facts.concerns = {Concern::kCyber, Concern::kOther};
  facts.aggravating = {Aggravating::kGroup};
  facts.place = Place::kSchool;
  CaseFacts elsewhere = facts;
  elsewhere.place = Place::kElsewhere;
  CaseFacts alone = facts;
  alone.aggravating.clear();
  ApplyLevels(rules, facts);
  ApplyLevels(rules, elsewhere);
  ApplyLevels(rules, alone);
  EXPECT_EQ(facts.level, 2u);
  EXPECT_EQ(elsewhere.level, 1u);
  EXPECT_EQ(alone.level, 1u);
  EXPECT_EQ(alone.urgency, Urgency::kRoutine);
}

}  // namespace
}  // namespace tilts::case_intake
