#include "routing_fixture.hpp"

namespace tilts::referral_routing {
namespace {

using CaseEventsTest = RoutingTest;

std::set<std::string> PurposesOf(const std::vector<Referral>& referrals) {
  std::set<std::string> purposes;
  for (const Referral& referral : referrals) purposes.insert(referral.ask.purpose);
  return purposes;
}

TEST_F(CaseEventsTest, ACaseBecomesReferralsThatNameRuleLawAndDeadlines) {
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  EXPECT_EQ(PurposesOf(Referrals("c-1")), (std::set<std::string>{"CUSTODY_CHECK", "FAMILY_SUPPORT"}));
  const auto moved = Emitted<referrals::v1::ReferralMoved>();
  ASSERT_EQ(moved.size(), 2U);
  EXPECT_EQ(moved[0].move(), codes::v1::REFERRAL_MOVE_SEND);
  EXPECT_EQ(moved[0].facts().state(), codes::v1::REFERRAL_STATE_REQUESTED);
  EXPECT_EQ(moved[0].facts().rule_id(), "family-violence");
  EXPECT_FALSE(moved[0].facts().legal_basis().empty());
  EXPECT_EQ(moved[0].facts().sequence(), 1U);
  EXPECT_TRUE(moved[0].facts().has_acknowledge_due_at());
  EXPECT_EQ(moved[0].facts().requester_id(), "school");
  EXPECT_EQ(Emitted<audit::v1::AuditRecorded>().size(), 1U);
}

TEST_F(CaseEventsTest, TheSameEventAgainChangesNothing) {
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  const auto before = OutboxIds();
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  EXPECT_EQ(OutboxIds(), before);
  EXPECT_EQ(Referrals("c-1").size(), 2U);
}

TEST_F(CaseEventsTest, CannotHoldTwoOpenReferralsOfOnePurposeAtOneRecipient) {
  ASSERT_TRUE(Open("c-1", Motivation()));
  const auto copy = [&](bool open) {
    return database_->Query(
        "INSERT INTO referral (referral_id, case_id, requester_id, recipient_id, purpose, state, is_open, "
        "urgency_rank, "
        "clock_due_at, calendar_id, calendar_version, sequence, content) SELECT 'copy', case_id, requester_id, "
        "recipient_id, purpose, state, $1::boolean, urgency_rank, clock_due_at, calendar_id, "
        "calendar_version, sequence, content FROM referral LIMIT 1",
        {open});
  };
  const auto second = copy(true);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().reason, "one_open_referral");
  EXPECT_TRUE(copy(false).has_value()) << "one that has ended is history";
}

TEST_F(CaseEventsTest, IdsAreThoseOfTheCaseAndNotOfTheRun) {
  ASSERT_TRUE(Open("c-1", Motivation()));
  EXPECT_EQ(Find("c-1", "YOUTH_PROGRAMME").id,
            ReferralIdOf(core::CaseId("c-1"), "YOUTH_PROGRAMME", InstitutionId("youth"), 1));
}

TEST_F(CaseEventsTest, NewFactsSendOnlyWhatIsNew) {
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  ASSERT_TRUE(Change("c-1", UnsafeHome()));
  EXPECT_EQ(PurposesOf(Referrals("c-1")), (std::set<std::string>{"CUSTODY_CHECK", "FAMILY_SUPPORT", "SAFE_SHELTER"}));
  EXPECT_EQ(Referrals("c-1").size(), 3U);
}

TEST_F(CaseEventsTest, AMoreUrgentFactReplacesWhatNobodyAccepted) {
  auto facts = Motivation();
  facts.add_concerns(codes::v1::CONCERN_CODE_FAMILY);
  ASSERT_TRUE(Open("c-1", facts));
  EXPECT_EQ(Find("c-1", "FAMILY_SUPPORT").ask.urgency, Urgency::kRoutine);
  facts.set_urgency(codes::v1::URGENCY_IMMINENT);
  ASSERT_TRUE(Change("c-1", facts));
  const Referral now = Find("c-1", "FAMILY_SUPPORT");
  EXPECT_EQ(now.ask.urgency, Urgency::kUrgent);
  EXPECT_EQ(now.recipient.value(), "social");
  EXPECT_TRUE(now.replaced.value().empty()) << "replacing is what a rejection or an expiry does";
  const auto all = Referrals("c-1");
  const auto first =
      std::ranges::find_if(all, [&](const Referral& r) { return r.ask.purpose == "FAMILY_SUPPORT" && r.id != now.id; });
  ASSERT_NE(first, all.end());
  EXPECT_EQ(first->state, ReferralState::kCancelled);
}

TEST_F(CaseEventsTest, AnotherMunicipalityActsAndTheOwnGroupIsInformed) {
  auto facts = Motivation();
  facts.set_residence_municipality("LV-JUR");
  facts.add_aggravating(codes::v1::AGGRAVATING_FACT_SEVERAL_INSTITUTIONS);
  ASSERT_TRUE(Open("c-1", facts));
  EXPECT_EQ(Find("c-1", "MUNICIPALITY_TAKES_OVER").recipient.value(), "jurmala");
  EXPECT_EQ(Find("c-1", "GROUP_INFORMED").ask.kind, ReferralKind::kInform);
  EXPECT_FALSE(PurposesOf(Referrals("c-1")).contains("CONVENE_GROUP"));
}

TEST_F(CaseEventsTest, NothingGoesToTheSchoolWhoseStaffIsAlleged) {
  auto facts = FamilyViolence();
  facts.set_relation(codes::v1::RELATION_PEER);
  facts.set_staff_alleged(true);
  facts.set_staff_institution_id("school");
  facts.set_coordinator_id("iksd");
  ASSERT_TRUE(Open("c-1", facts));
  for (const Referral& referral : Referrals("c-1"))
    EXPECT_NE(referral.recipient.value(), "school") << referral.ask.purpose;
  EXPECT_EQ(Find("c-1", "FOUNDER_EXAMINE").recipient.value(), "iksd");
}

TEST_F(CaseEventsTest, OnceTheFamilyIsSuspectedNobodyTellsTheParents) {
  auto facts = FamilyViolence();
  facts.set_relation(codes::v1::RELATION_PEER);
  ASSERT_TRUE(Open("c-1", facts));
  ASSERT_EQ(Find("c-1", "SCHOOL_TELL_PARENTS").state, ReferralState::kRequested);
  ASSERT_TRUE(Change("c-1", FamilyViolence()));
  EXPECT_EQ(Find("c-1", "SCHOOL_TELL_PARENTS").state, ReferralState::kCancelled);
  EXPECT_EQ(Find("c-1", "CUSTODY_CHECK").state, ReferralState::kRequested);
}

TEST_F(CaseEventsTest, ADutyNobodyCanTakeBecomesTheCoordinatorsTask) {
  auto facts = Motivation();
  facts.clear_concerns();
  facts.add_concerns(codes::v1::CONCERN_CODE_SUPPORT_NEED);  // this small city has no commission
  ASSERT_TRUE(Open("c-1", facts));
  const Referral task = Find("c-1", "TASK_SUPPORT_ASSESSMENT");
  EXPECT_EQ(task.recipient.value(), "school");
  EXPECT_EQ(task.ask.kind, ReferralKind::kInform);
  const auto exhausted = Emitted<referrals::v1::RoutingExhausted>();
  ASSERT_EQ(exhausted.size(), 1U);
  EXPECT_EQ(exhausted[0].coordinator_id(), "school");
  EXPECT_EQ(task.sequence, 2U);
}

TEST_F(CaseEventsTest, ANewCoordinatorTakesTheOpenReferralsOver) {
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  auto facts = FamilyViolence();
  facts.set_coordinator_id("iksd");
  ASSERT_TRUE(Change("c-1", facts));
  EXPECT_EQ(Find("c-1", "CUSTODY_CHECK").requester.value(), "iksd");
}

TEST_F(CaseEventsTest, AHandOverIsSaidOnceOfEachOpenReferral) {
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  const Referral open = Find("c-1", "CUSTODY_CHECK");
  const Referral ended = Find("c-1", "FAMILY_SUPPORT");
  MoveRequest complete;
  complete.move = Move::kComplete;
  complete.outcome = Outcome::kHelped;
  ASSERT_TRUE(Accept(ended.recipient.value(), ended.id.value()));
  ASSERT_TRUE(Do(ended.recipient.value(), ended.id.value(), complete));
  auto facts = FamilyViolence();
  facts.set_coordinator_id("iksd");
  ASSERT_TRUE(Change("c-1", facts));
  ASSERT_TRUE(Change("c-1", facts));
  const auto said = Emitted<referrals::v1::ReferralHandedOver>();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].facts().referral_id(), open.id.value());
  EXPECT_EQ(said[0].facts().requester_id(), "iksd");
  EXPECT_EQ(said[0].facts().sequence(), open.sequence + 1);
  EXPECT_EQ(said[0].previous_requester_id(), "school");
  EXPECT_EQ(Find("c-1", "FAMILY_SUPPORT").requester.value(), "school") << "what has ended stays as it was asked";
}

TEST_F(CaseEventsTest, AHandOverBecauseOfItsStaffIsNotToldToTheSchool) {
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  auto facts = FamilyViolence();
  facts.set_staff_alleged(true);
  facts.set_staff_institution_id("school");
  facts.set_coordinator_id("iksd");
  ASSERT_TRUE(Change("c-1", facts));
  const auto said = Emitted<referrals::v1::ReferralHandedOver>();
  ASSERT_FALSE(said.empty());
  for (const auto& event : said) EXPECT_EQ(event.previous_requester_id(), "");
}

TEST_F(CaseEventsTest, WithoutADirectoryTheEventWaits) {
  const DirectoryHolder empty;
  const CaseEvents waiting(data_, empty, clock_, log::Silent());
  cases::v1::CaseOpened event;
  event.set_case_id("c-1");
  const auto status = database_->Transact([&](postgres::UnitOfWork& unit) {
    SqlStore store(unit);
    return waiting.On(store, {}, event);
  });
  EXPECT_EQ(status.error().code, core::Errc::kUnavailable);
}

}  // namespace
}  // namespace tilts::referral_routing
