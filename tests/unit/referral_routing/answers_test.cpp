#include "referral_routing/app/answers.hpp"

#include <gtest/gtest.h>

namespace tilts::referral_routing {
namespace {

using S = ReferralState;

Referral In(S state) {
  Referral referral;
  referral.requester = InstitutionId("school");
  referral.recipient = InstitutionId("police");
  referral.state = state;
  referral.sequence = 4;
  return referral;
}

Sight SightIn(S state, const std::string& who) {
  return SightOf(In(state), PartsOf(In(state), who));
}

TEST(SightTest, TheRecipientSeesPreviewThenTheFileThenAStub) {
  for (const S state : {S::kRequested, S::kReceived}) EXPECT_EQ(SightIn(state, "police").view, kPreview);
  for (const S state : {S::kAccepted, S::kInProgress, S::kOnHold}) EXPECT_EQ(SightIn(state, "police").view, kAccepted);
  for (const S state : {S::kCompleted, S::kRejected, S::kFailed, S::kCancelled, S::kExpired, S::kEnteredInError}) {
    EXPECT_EQ(SightIn(state, "police").view, kStub);
    EXPECT_FALSE(SightIn(state, "police").shows_case);
  }
}

TEST(SightTest, TheRequesterSeesItsOwnReferralAndStrangersNothing) {
  EXPECT_EQ(SightIn(S::kAccepted, "school").view, kRequester);
  EXPECT_FALSE(SightIn(S::kAccepted, "stranger").decision.allowed);
  EXPECT_FALSE(SightIn(S::kAccepted, "").decision.allowed);
}

TEST(SightTest, WhoIsBothPartiesKeepsTheRequestersSightAtTheEnd) {
  Referral own = In(S::kCompleted);
  own.recipient = own.requester;
  EXPECT_EQ(SightOf(own, PartsOf(own, "school")).view, kRequester);
}

TEST(EtagTest, AnotherEtagIsAConflictAndNoneIsAnyState) {
  EXPECT_TRUE(CheckEtag(In(S::kAccepted), ""));
  EXPECT_TRUE(CheckEtag(In(S::kAccepted), "4"));
  EXPECT_EQ(CheckEtag(In(S::kAccepted), "3").error().code, core::Errc::kConflict);
}

}  // namespace
}  // namespace tilts::referral_routing
