#include "referral_routing/domain/plan.hpp"

#include <gtest/gtest.h>

#include "sample_city.hpp"

namespace tilts::referral_routing {
namespace {

using namespace testing;

Plan PlanOf(const RuleSet& rules, const Situation& situation, const std::vector<Referral>& existing = {}) {
  return PlanCase(rules.Evaluate(situation), situation, City(), existing);
}

TEST(PlanTest, NamesRuleVersionAndLegalBasis) {
  const Plan plan = PlanOf(OneRule({MakeAction(kSocialService, "HELP", Duty::kExclusive)}), InRiga());
  ASSERT_EQ(plan.sends.size(), 1U);
  EXPECT_EQ(plan.sends[0].recipient.value(), "social");
  EXPECT_EQ(plan.sends[0].requester.value(), "school-1");
  EXPECT_EQ(plan.sends[0].ask.rule_id, "rule");
  EXPECT_EQ(plan.sends[0].ask.rule_version, 4U);
  EXPECT_EQ(plan.sends[0].ask.legal_basis, "law");
}

TEST(PlanTest, APurposeIsAskedOnceInACase) {
  const RuleSet rules = OneRule({MakeAction(kSocialService, "HELP", Duty::kExclusive)});
  const Planned sent = PlanOf(rules, InRiga()).sends[0];
  for (const auto state : {ReferralState::kRequested, ReferralState::kCompleted, ReferralState::kRejected}) {
    EXPECT_TRUE(PlanOf(rules, InRiga(), {Sent(sent, "r-1", state)}).empty());
  }
}

TEST(PlanTest, AnotherMunicipalityStandsInForItsOwnServices) {
  Situation situation = InRiga();
  situation.facts.residence_municipality = "LV-JUR";
  const Plan plan = PlanOf(OneRule({MakeAction(kSocialService, "HELP", Duty::kExclusive)}), situation);
  ASSERT_EQ(plan.sends.size(), 1U);
  EXPECT_EQ(plan.sends[0].recipient.value(), "jurmala");
}

TEST(PlanTest, NobodyLeftBecomesTheCoordinatorsTask) {
  Situation situation = InRiga();
  situation.facts.residence_municipality = "LV-999";
  const Plan plan = PlanOf(OneRule({MakeAction(kSocialService, "HELP", Duty::kExclusive)}), situation);
  ASSERT_EQ(plan.exhausted.size(), 1U);
  ASSERT_EQ(plan.sends.size(), 1U);
  EXPECT_EQ(plan.sends[0].recipient.value(), "school-1");
  EXPECT_EQ(plan.sends[0].ask.purpose, "TASK_HELP");
  EXPECT_EQ(plan.sends[0].ask.kind, ReferralKind::kInform);
}

TEST(PlanTest, ACaseThatReachesNobodyBecomesATaskEvenForANotice) {
  auto notice = MakeAction(static_cast<InstitutionKind>(1), "NOTE", Duty::kReplaceable, ReferralKind::kInform);
  const Plan plan = PlanOf(OneRule({notice}), InRiga());
  ASSERT_EQ(plan.sends.size(), 1U);
  EXPECT_EQ(plan.sends[0].ask.purpose, "TASK_NOTE");
}

TEST(PlanTest, NothingGoesToTheInstitutionWhoseStaffIsAlleged) {
  Situation situation = InRiga();
  situation.facts.staff_alleged = true;
  situation.facts.staff_institution = InstitutionId("school-1");
  situation.facts.coordinator = InstitutionId("social");
  auto notice = MakeAction(InstitutionKind::kSchool, "TELL", Duty::kExclusive, ReferralKind::kInform);
  const Plan plan = PlanOf(
      OneRule({notice, MakeAction(kCrisisCentre, "PLACE", Duty::kReplaceable)}, {Never::kStaffInstitution}), situation);
  ASSERT_EQ(plan.sends.size(), 1U);
  EXPECT_EQ(plan.sends[0].recipient.value(), "centre-1");
}

TEST(PlanTest, AFullInstitutionIsPassedByForReplaceableDutiesOnly) {
  auto city = City();
  for (Institution& institution : city) institution.at_capacity = institution.id.value() != "centre-2";
  const RuleSet rules = OneRule(
      {MakeAction(kCrisisCentre, "PLACE", Duty::kReplaceable), MakeAction(kSocialService, "HELP", Duty::kExclusive)});
  const Plan plan = PlanCase(rules.Evaluate(InRiga()), InRiga(), city, {});
  ASSERT_EQ(plan.sends.size(), 2U);
  EXPECT_EQ(plan.sends[0].recipient.value(), "centre-2");
  EXPECT_EQ(plan.sends[1].recipient.value(), "social");
}

TEST(PlanTest, AMoreUrgentRuleReplacesWhatNobodyAccepted) {
  const RuleSet rules = OneRule({MakeAction(kSocialService, "HELP", Duty::kExclusive)});
  Referral earlier = Sent(PlanOf(rules, InRiga()).sends[0], "r-1");
  earlier.ask.urgency = Urgency::kRoutine;
  const Plan plan = PlanOf(rules, InRiga(), {earlier});
  ASSERT_EQ(plan.withdrawn.size(), 1U);
  EXPECT_TRUE(plan.sends[0].replaces.empty()) << "no re-route: the same institution is asked more urgently";
  earlier.state = ReferralState::kAccepted;
  EXPECT_TRUE(PlanOf(rules, InRiga(), {earlier}).empty());
}

TEST(PlanTest, WhatMustNotHaveBeenSentIsWithdrawnUnlessAccepted) {
  auto tell = MakeAction(InstitutionKind::kSchool, "TELL", Duty::kExclusive, ReferralKind::kInform);
  tell.tells_parents = true;
  Referral told = Sent(PlanOf(OneRule({tell}), InRiga()).sends[0], "r-1");
  const RuleSet guarded = OneRule({tell, MakeAction(kSocialService, "HELP", Duty::kExclusive)}, {Never::kParents});
  const Plan plan = PlanOf(guarded, InRiga(), {told});
  ASSERT_EQ(plan.withdrawn.size(), 1U);
  EXPECT_EQ(plan.withdrawn[0].value(), "r-1");
  told.state = ReferralState::kReceived;
  EXPECT_TRUE(PlanOf(guarded, InRiga(), {told}).withdrawn.empty()) << "a notice that was read is done";

  Situation accused = InRiga();
  accused.facts.staff_alleged = true;
  accused.facts.staff_institution = InstitutionId("school-1");
  auto notice = MakeAction(InstitutionKind::kSchool, "PLAN", Duty::kExclusive, ReferralKind::kInform);
  const Referral sent = Sent(PlanOf(OneRule({notice}), InRiga()).sends[0], "r-2");
  const RuleSet barring = OneRule({notice}, {Never::kStaffInstitution});
  EXPECT_EQ(PlanOf(barring, accused, {sent}).withdrawn.size(), 1U);
  EXPECT_TRUE(PlanOf(barring, accused, {sent}).sends.empty());
}

TEST(ReplacementTest, GoesOnToTheNextAndThenToTheCoordinator) {
  const RuleSet rules = OneRule({MakeAction(kCrisisCentre, "PLACE", Duty::kReplaceable)});
  const auto evaluation = rules.Evaluate(InRiga());
  const Referral first = Sent(PlanOf(rules, InRiga()).sends[0], "r-1", ReferralState::kExpired);
  const Plan second = PlanReplacement(first, evaluation, InRiga(), City(), {first});
  ASSERT_EQ(second.sends.size(), 1U);
  EXPECT_EQ(second.sends[0].recipient.value(), "centre-2");
  EXPECT_EQ(second.sends[0].replaces.value(), "r-1");
  const Referral next = Sent(second.sends[0], "r-2", ReferralState::kRejected);
  const Plan third = PlanReplacement(next, evaluation, InRiga(), City(), {first, next});
  ASSERT_EQ(third.exhausted.size(), 1U);
  EXPECT_EQ(third.sends[0].ask.purpose, "TASK_PLACE");
}

TEST(ReplacementTest, NothingForNoticesAndDuplicates) {
  const RuleSet rules = OneRule({MakeAction(kCrisisCentre, "PLACE", Duty::kReplaceable)});
  Referral referral = Sent(PlanOf(rules, InRiga()).sends[0], "r-1", ReferralState::kRejected);
  referral.reject_reason = RejectReason::kDuplicate;
  EXPECT_TRUE(PlanReplacement(referral, rules.Evaluate(InRiga()), InRiga(), City(), {referral}).empty());
  referral.reject_reason = RejectReason::kNotCompetent;
  referral.ask.kind = ReferralKind::kInform;
  EXPECT_TRUE(PlanReplacement(referral, rules.Evaluate(InRiga()), InRiga(), City(), {referral}).empty());
}

}  // namespace
}  // namespace tilts::referral_routing
