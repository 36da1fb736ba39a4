#include "referral_routing/domain/rule_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tilts::referral_routing {
namespace {

constexpr InstitutionKind kPolice = InstitutionKind::kStatePolice;
const std::set<InstitutionKind> kKinds{kPolice, InstitutionKind::kSchool};

Ladder SmallLadder() {
  Ladder ladder;
  ladder.id = "standard";
  ladder.rungs = {{"last", AfterDue{0, 2}, 0, {Audience::kSupervisor}, false, 1, true}};
  return ladder;
}

PolicySet SmallPolicies() {
  const ClockRule day{{calendar::DeadlineKind::kWorkingDays, 1, {}}, "standard"};
  PolicySet set;
  set.ladders["standard"] = SmallLadder();
  set.policies["ordinary"] = {
      "ordinary", 1, {{ClockName::kAcknowledge, day}, {ClockName::kAnswer, day}, {ClockName::kOutcome, day}}};
  set.policies["task"] = {"task", 1, {{ClockName::kAcknowledge, day}}};
  set.policies["notice"] = {"notice", 1, {{ClockName::kAcknowledge, day}}};
  return set;
}

Rule MakeRule(std::string id, int priority, std::string purpose, Condition condition) {
  Rule rule;
  rule.id = std::move(id);
  rule.version = 1;
  rule.priority = priority;
  rule.legal_basis = "law";
  rule.when = {std::move(condition)};
  rule.then = {{.recipients = {kPolice}, .purpose = std::move(purpose), .policy_id = "ordinary"}};
  return rule;
}

Rule CatchAll() {
  Rule rule = MakeRule("catch-all", 1000, "REST", {});
  rule.when.clear();
  rule.otherwise = true;
  return rule;
}

std::vector<std::string> CodesOf(const core::Status& status) {
  std::vector<std::string> codes;
  if (status) return codes;
  for (const auto& violation : status.error().violations) codes.push_back(violation.code);
  return codes;
}

std::vector<std::string> Check(std::vector<Rule> rules) {
  return CodesOf(CheckRules(RuleSet("1", std::move(rules)), SmallPolicies(), kKinds));
}

Condition Level(unsigned level) {
  Condition condition;
  condition.level_min = level;
  return condition;
}

using Codes = std::vector<std::string>;

TEST(RuleCheckTest, ASoundSetPasses) {
  EXPECT_EQ(Check({MakeRule("a", 1, "CHECK", Level(2)), CatchAll()}), Codes{});
}

TEST(RuleCheckTest, DuplicateIdsAndTiesAreRefused) {
  EXPECT_EQ(Check({MakeRule("a", 1, "CHECK", Level(1)), MakeRule("a", 1, "OTHER", Level(1)), CatchAll()}),
            (Codes{"DUPLICATE_ID", "PRIORITY_TIE"}));
}

TEST(RuleCheckTest, UnknownPolicyAndKindAreRefused) {
  Rule rule = MakeRule("a", 1, "CHECK", Level(1));
  rule.then[0].policy_id = "none";
  rule.then[0].recipients = {InstitutionKind{77}};
  EXPECT_EQ(Check({rule, CatchAll()}), (Codes{"KIND_UNKNOWN", "POLICY_UNKNOWN"}));
}

TEST(RuleCheckTest, OnePurposeAsksOneThing) {
  Rule other = MakeRule("b", 2, "CHECK", Level(2));
  other.then[0].duty = Duty::kReplaceable;
  EXPECT_EQ(Check({MakeRule("a", 1, "CHECK", Level(1)), other, CatchAll()}), Codes{"PURPOSE_DIFFERS"});
}

TEST(RuleCheckTest, WithoutCatchAllThereIsAGap) {
  EXPECT_EQ(Check({MakeRule("a", 1, "CHECK", Level(1))}), Codes{"GAP"});
}

TEST(RuleCheckTest, AGapWhileARuleIsNotYetInForceIsSeen) {
  Rule early = MakeRule("early", 1, "CHECK", Level(2));
  early.valid_from = core::ParseRfc3339("2025-01-01T00:00:00Z").value();
  Rule rest = CatchAll();
  rest.valid_from = core::ParseRfc3339("2026-01-01T00:00:00Z").value();
  EXPECT_EQ(Check({early, rest}), Codes{"GAP"});
}

TEST(RuleCheckTest, ARuleThatOthersAlwaysForestallIsUnreachable) {
  EXPECT_EQ(Check({MakeRule("wide", 1, "CHECK", Level(1)), MakeRule("narrow", 2, "CHECK", Level(2)), CatchAll()}),
            Codes{"RULE_UNREACHABLE"});
}

TEST(RuleCheckTest, ARuleNoCaseCanMatchIsUnreachable) {
  Condition impossible;
  impossible.age_from = 14;
  impossible.age_to = 11;
  EXPECT_EQ(Check({MakeRule("never", 1, "CHECK", impossible), CatchAll()}), Codes{"RULE_UNREACHABLE"});
}

TEST(RuleCheckTest, OtherwiseBehindAnUnconditionalRuleIsUnreachable) {
  EXPECT_EQ(Check({MakeRule("all", 1, "CHECK", {}), CatchAll()}), Codes{"RULE_UNREACHABLE"});
}

TEST(PolicyCheckTest, LaddersMustEndAndPoliciesMustNameThem) {
  PolicySet set = SmallPolicies();
  set.ladders["standard"].rungs[0].last = false;
  set.policies["task"].clocks[ClockName::kAcknowledge].ladder_id = "none";
  EXPECT_EQ(CodesOf(CheckPolicies(set)), (Codes{"LADDER_END", "LADDER_UNKNOWN"}));
  set = SmallPolicies();
  set.policies.erase("task");
  EXPECT_EQ(CodesOf(CheckPolicies(set)), Codes{"TASK_POLICY_MISSING"});
  set = SmallPolicies();
  set.policies.erase("notice");
  EXPECT_EQ(CodesOf(CheckPolicies(set)), Codes{"NOTICE_POLICY_MISSING"});
  EXPECT_TRUE(CheckPolicies(SmallPolicies()));
}

}  // namespace
}  // namespace tilts::referral_routing
