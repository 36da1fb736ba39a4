#include "referral_routing/domain/rule_set.hpp"

#include <gtest/gtest.h>

namespace tilts::referral_routing {
namespace {

constexpr InstitutionKind kPolice = InstitutionKind::kStatePolice;
const core::CityTime kAt = core::ParseRfc3339("2026-03-02T08:30:00Z").value();

Rule MakeRule(std::string id, int priority, std::string purpose, Urgency urgency, Condition condition = {}) {
  Rule rule;
  rule.id = std::move(id);
  rule.version = 1;
  rule.priority = priority;
  rule.legal_basis = "law";
  rule.when = {condition};
  rule.then = {{.recipients = {kPolice}, .purpose = std::move(purpose), .urgency = urgency, .policy_id = "ordinary"}};
  return rule;
}

Situation Violence() {
  Situation situation;
  situation.facts.stream = Stream::kViolence;
  situation.home = "LV-RIX";
  situation.at = kAt;
  return situation;
}

TEST(RuleSetTest, EqualPurposesMergeToTheMostUrgent) {
  const RuleSet rules(
      "1", {MakeRule("calm", 1, "CHECK", Urgency::kRoutine), MakeRule("hot", 2, "CHECK", Urgency::kImminent)});
  const auto evaluation = rules.Evaluate(Violence());
  ASSERT_EQ(evaluation.wanted.size(), 1U);
  EXPECT_EQ(evaluation.wanted[0].rule->id, "hot");
}

TEST(RuleSetTest, EquallyUrgentOnesKeepTheFirstByPriorityAndSaySo) {
  const RuleSet rules(
      "1", {MakeRule("second", 2, "CHECK", Urgency::kUrgent), MakeRule("first", 1, "CHECK", Urgency::kUrgent)});
  const auto evaluation = rules.Evaluate(Violence());
  ASSERT_EQ(evaluation.wanted.size(), 1U);
  EXPECT_EQ(evaluation.wanted[0].rule->id, "first");
  EXPECT_EQ(evaluation.verdicts[1].reason, "merged into first");
}

TEST(RuleSetTest, OtherwiseMatchesOnlyWhereNothingElseDoes) {
  Condition pmp;
  pmp.streams = {Stream::kPmp};
  Rule rest = MakeRule("rest", 9, "REST", Urgency::kRoutine);
  rest.otherwise = true;
  rest.when.clear();
  const RuleSet rules("1", {MakeRule("pmp", 1, "CHECK", Urgency::kRoutine, pmp), rest});
  EXPECT_EQ(rules.Evaluate(Violence()).wanted.front().rule->id, "rest");
  Situation school = Violence();
  school.facts.stream = Stream::kPmp;
  EXPECT_EQ(rules.Evaluate(school).wanted.front().rule->id, "pmp");
  EXPECT_EQ(rules.Evaluate(school).wanted.size(), 1U);
}

TEST(RuleSetTest, ParentsAreNotToldWhereARuleForbidsIt) {
  Rule tell = MakeRule("tell", 1, "TELL", Urgency::kRoutine);
  tell.then[0].tells_parents = true;
  Rule guard = MakeRule("guard", 2, "CHECK", Urgency::kRoutine);
  guard.never = {Never::kParents};
  const auto evaluation = RuleSet("1", {tell, guard}).Evaluate(Violence());
  ASSERT_EQ(evaluation.wanted.size(), 1U);
  EXPECT_EQ(evaluation.wanted[0].action->purpose, "CHECK");
}

TEST(RuleSetTest, ARuleOutsideItsValidityDoesNotMatch) {
  Rule rule = MakeRule("old", 1, "CHECK", Urgency::kRoutine);
  rule.valid_to = kAt;
  const auto evaluation = RuleSet("1", {rule}).Evaluate(Violence());
  EXPECT_TRUE(evaluation.wanted.empty());
  EXPECT_EQ(evaluation.verdicts[0].reason, "validity");
}

TEST(ConditionTest, EachPartCanMiss) {
  Situation situation = Violence();
  situation.facts.relation = Relation::kPeer;
  situation.facts.level = 1;
  situation.facts.residence_municipality = "LV-JUR";
  const auto miss = [&](auto change) {
    Condition condition;
    change(condition);
    return FirstMiss(condition, situation);
  };
  EXPECT_EQ(miss([](Condition& c) { c.streams = {Stream::kPmp}; }), "stream");
  EXPECT_EQ(miss([](Condition& c) { c.concerns = {Concern{20}}; }), "concern");
  EXPECT_EQ(miss([](Condition& c) { c.relations = {Relation::kFamily, Relation::kUnknown}; }), "relation");
  EXPECT_EQ(miss([](Condition& c) { c.places = {Place{3}}; }), "place");
  EXPECT_EQ(miss([](Condition& c) { c.aggravating = {AggravatingFact{1}}; }), "aggravating");
  EXPECT_EQ(miss([](Condition& c) { c.residences = {Residence::kInside}; }), "residence");
  EXPECT_EQ(miss([](Condition& c) { c.level_min = 2; }), "level");
  EXPECT_EQ(miss([](Condition& c) { c.urgency_min = Urgency::kImminent; }), "urgency");
  EXPECT_EQ(miss([](Condition& c) { c.age_from = 14; }), "age");
  EXPECT_EQ(miss([](Condition& c) { c.in_care = true; }), "in_care");
  EXPECT_EQ(miss([](Condition& c) { c.staff_alleged = true; }), "staff_alleged");
  EXPECT_EQ(miss([](Condition& c) { c.night = true; }), "hour");
  EXPECT_EQ(miss([](Condition& c) { c.age_from = 14, c.age_unknown = true; }), "");
}

}  // namespace
}  // namespace tilts::referral_routing
