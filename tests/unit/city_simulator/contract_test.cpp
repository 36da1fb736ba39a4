#include "city_simulator/api/contract.hpp"

#include <gtest/gtest.h>
#include <tilts/intake/v1/intake_service.pb.h>
#include <tilts/notification/v1/notification_service.pb.h>
#include <tilts/referrals/v1/referral_service.pb.h>

namespace tilts::city_simulator {
namespace {

TEST(ContractTest, PathFieldsLeaveTheBody) {
  referrals::v1::AcceptReferralRequest request;
  request.set_request_id("r1");
  request.set_referral_id("a b/c");
  request.set_role("duty-officer");
  const HttpCall call = Transcode(FindMethod("tilts.referrals.v1.ReferralService/AcceptReferral"), request);
  EXPECT_EQ(call.verb, "POST");
  EXPECT_EQ(call.target, "/v1/referrals/a%20b%2Fc:accept");
  EXPECT_EQ(call.body, R"({"request_id":"r1","role":"duty-officer"})");
}

TEST(ContractTest, FieldsOfAReadGoIntoTheQuery) {
  referrals::v1::ListReferralsRequest request;
  request.set_page_size(200);
  request.set_as_requester(true);
  request.set_state(codes::v1::REFERRAL_STATE_ACCEPTED);
  const HttpCall call = Transcode(FindMethod("tilts.referrals.v1.ReferralService/ListReferrals"), request);
  EXPECT_EQ(call.verb, "GET");
  EXPECT_EQ(call.target, "/v1/referrals?page_size=200&state=REFERRAL_STATE_ACCEPTED&as_requester=true");
  EXPECT_EQ(call.body, "");
}

TEST(ContractTest, AuditDutyComesFromTheContract) {
  EXPECT_TRUE(FindMethod("tilts.intake.v1.IntakeService/ReportConcern").audited);
  EXPECT_TRUE(FindMethod("tilts.referrals.v1.ReferralService/GetReferral").audited);
  EXPECT_FALSE(FindMethod("tilts.notification.v1.NotificationService/ReadFeed").audited);
}

}  // namespace
}  // namespace tilts::city_simulator
