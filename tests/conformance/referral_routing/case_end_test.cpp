#include "routing_fixture.hpp"

namespace tilts::referral_routing {
namespace {

using CaseEndTest = RoutingTest;

TEST_F(CaseEndTest, ClosingCancelsWhatNobodyAcceptedAndAsksTheOthers) {
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  ASSERT_TRUE(Accept("court", Find("c-1", "CUSTODY_CHECK").id.value()));
  ASSERT_TRUE(EndCase("c-1", codes::v1::CASE_STATE_CLOSED));
  EXPECT_EQ(Find("c-1", "FAMILY_SUPPORT").state, ReferralState::kCancelled);
  const Referral court = Find("c-1", "CUSTODY_CHECK");
  EXPECT_EQ(court.state, ReferralState::kAccepted);
  EXPECT_TRUE(court.cancel_requested);
  const auto before = OutboxIds();
  ASSERT_TRUE(EndCase("c-1", codes::v1::CASE_STATE_CLOSED));
  EXPECT_EQ(OutboxIds(), before);
}

TEST_F(CaseEndTest, AClosedCaseSendsNothingMore) {
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  ASSERT_TRUE(EndCase("c-1", codes::v1::CASE_STATE_CLOSED));
  const std::size_t referrals = Referrals("c-1").size();
  ASSERT_TRUE(Change("c-1", UnsafeHome()));
  EXPECT_EQ(Referrals("c-1").size(), referrals);
}

TEST_F(CaseEndTest, AnErrorEndsEverything) {
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  ASSERT_TRUE(Accept("court", Find("c-1", "CUSTODY_CHECK").id.value()));
  ASSERT_TRUE(EndCase("c-1", codes::v1::CASE_STATE_ENTERED_IN_ERROR));
  for (const Referral& referral : Referrals("c-1")) EXPECT_EQ(referral.state, ReferralState::kEnteredInError);
}

TEST_F(CaseEndTest, MergingDropsDuplicatesAndKeepsTheRest) {
  ASSERT_TRUE(Open("kept", FamilyViolence()));
  ASSERT_TRUE(Open("double", UnsafeHome(), ""));
  const Referral shelter = Find("double", "SAFE_SHELTER");
  ASSERT_TRUE(EndCase("double", codes::v1::CASE_STATE_MERGED, "kept"));
  EXPECT_EQ(Find("double", "CUSTODY_CHECK").state, ReferralState::kCancelled);
  EXPECT_EQ(Find("kept", "CUSTODY_CHECK").id, Find("double", "CUSTODY_CHECK").id) << "found through the merge, newest";
  EXPECT_EQ(Find("double", "SAFE_SHELTER").state, ReferralState::kRequested);
  // The case it was merged into is what the recipient sees, and it does not ask for a second place.
  EXPECT_EQ(api_->Get(As("centre-1"), shelter.id.value())->case_view().case_id(), "kept");
  ASSERT_TRUE(Change("kept", UnsafeHome()));
  EXPECT_EQ(Find("kept", "SAFE_SHELTER").id, shelter.id);
  ASSERT_TRUE(EndCase("kept", codes::v1::CASE_STATE_CLOSED));
  EXPECT_EQ(Find("double", "SAFE_SHELTER").state, ReferralState::kCancelled);
}

}  // namespace
}  // namespace tilts::referral_routing
