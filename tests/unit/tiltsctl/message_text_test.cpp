#include "tiltsctl/app/message_text.hpp"

#include <gtest/gtest.h>
#include <tilts/referrals/v1/referral_service.pb.h>

#include <sstream>

namespace tilts::tiltsctl {
namespace {

using referrals::v1::HoldReferralRequest;
using referrals::v1::Referral;

TEST(MessageTextTest, ShowsSetFieldsIndentedWithShortCodes) {
  Referral referral;
  referral.mutable_facts()->set_referral_id("r1");
  referral.mutable_facts()->set_state(codes::v1::REFERRAL_STATE_ACCEPTED);
  referral.mutable_requested_at()->set_seconds(1'772'440'200);
  std::ostringstream out;
  PrintMessage(referral, out);
  EXPECT_EQ(out.str(), "facts:\n  referral_id: r1\n  state: ACCEPTED\nrequested_at: 2026-03-02T08:30:00Z\n");
}

TEST(MessageTextTest, SetsFieldsFromWords) {
  HoldReferralRequest request;
  const auto set = [&](const std::string& field, const std::string& text) {
    return SetField(request, *HoldReferralRequest::descriptor()->FindFieldByName(field), text);
  };
  ASSERT_TRUE(set("resume_at", "2026-03-02T08:30:00Z"));
  EXPECT_EQ(request.resume_at().seconds(), 1'772'440'200);
  EXPECT_FALSE(set("resume_at", "tomorrow"));
  referrals::v1::ListReferralsRequest list;
  const auto& state = *list.GetDescriptor()->FindFieldByName("state");
  EXPECT_TRUE(SetField(list, state, "accepted"));
  EXPECT_EQ(list.state(), codes::v1::REFERRAL_STATE_ACCEPTED);
  EXPECT_TRUE(SetField(list, state, "REFERRAL_STATE_REJECTED"));
  EXPECT_EQ(list.state(), codes::v1::REFERRAL_STATE_REJECTED);
  EXPECT_FALSE(SetField(list, state, "UNSPECIFIED"));
}

}  // namespace
}  // namespace tilts::tiltsctl
