#include "auth/audit_record.hpp"

#include <gtest/gtest.h>
#include <tilts/audit/v1/events.pb.h>

#include "wire/time.hpp"

namespace tilts::auth {
namespace {

rpc::CallContext CallBy(Principal principal) {
  rpc::CallContext call;
  call.principal = std::move(principal);
  call.method = "tilts.intake.v1.IntakeService/GetCase";
  call.call_id = "call-1";
  call.now = *core::ParseRfc3339("2026-03-02T08:00:00Z");
  return call;
}

Principal School(const std::string& issuer) {
  Principal principal;
  principal.kind = Principal::Kind::kInstitution;
  principal.client_id = "vendor";
  principal.institution_id = "school-1";
  principal.role = "head";
  principal.purpose = "PMP";
  principal.issuer = issuer;
  return principal;
}

const AuditFacts kFacts{
    "case-intake.pmp", Touch::kRead, {"case/c1", "person/p1"}, AccessDecision::Allow("OWNER"), "FULL_OWNER"};

TEST(AuditRecordTest, SaysWhoTouchedWhatWhyAndWithWhichAnswer) {
  const auto record = AuditRecordFor(CallBy(School("gateway")), kFacts);
  EXPECT_EQ(record.chain_id(), "case-intake.pmp");
  EXPECT_EQ(record.action(), audit::v1::AUDIT_ACTION_READ);
  EXPECT_EQ(record.method(), "tilts.intake.v1.IntakeService/GetCase");
  EXPECT_EQ(record.client_id(), "vendor");
  EXPECT_EQ(record.institution_id(), "school-1");
  EXPECT_EQ(record.role(), "head");
  EXPECT_EQ(record.purpose(), "PMP");
  EXPECT_EQ(record.object_ids_size(), 2);
  EXPECT_TRUE(record.allowed());
  EXPECT_EQ(record.decision_reason(), "OWNER");
  EXPECT_EQ(record.view(), "FULL_OWNER");
  EXPECT_EQ(record.call_id(), "call-1");
  EXPECT_EQ(*wire::FromTimestamp(record.at()), *core::ParseRfc3339("2026-03-02T08:00:00Z"));
}

TEST(AuditRecordTest, CountsOneCallOnceHoweverManyServicesItReaches) {
  EXPECT_FALSE(AuditRecordFor(CallBy(School("api-key")), kFacts).system());
  EXPECT_FALSE(AuditRecordFor(CallBy(School("gateway")), kFacts).system());
  EXPECT_TRUE(AuditRecordFor(CallBy(School("referral-routing")), kFacts).system());
  Principal service;
  service.service = "referral-routing";
  service.issuer = "referral-routing";
  service.cause_id = "event-1";
  const auto record = AuditRecordFor(CallBy(service), kFacts);
  EXPECT_TRUE(record.system());
  EXPECT_EQ(record.cause_id(), "event-1");
  EXPECT_EQ(record.service(), "referral-routing");
}

TEST(AuditRecordTest, NamesTheHandlerOfASystemAct) {
  const AuditFacts facts{
      "referral-routing.protection", Touch::kWrite, {"referral/r1"}, AccessDecision::Allow("RULE"), ""};
  const auto record = SystemAuditRecord("referral-routing", "route-case", "event-2", core::CityTime{}, facts);
  EXPECT_EQ(record.method(), "system/route-case");
  EXPECT_EQ(record.action(), audit::v1::AUDIT_ACTION_WRITE);
  EXPECT_EQ(record.cause_id(), "event-2");
  EXPECT_TRUE(record.system());
}

TEST(AccessDecisionTest, HidesWhatMayNotBeKnown) {
  EXPECT_TRUE(HideWhenDenied(AccessDecision::Allow("OWNER"), "case"));
  const auto hidden = HideWhenDenied(AccessDecision::Deny("NOT_A_PARTY"), "case");
  ASSERT_FALSE(hidden.has_value());
  EXPECT_EQ(hidden.error(), (core::Error{core::Errc::kNotFound, "There is no such case.", "", {}, 0}));
}

}  // namespace
}  // namespace tilts::auth
