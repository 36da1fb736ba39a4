#include "backbone/audit.hpp"

#include <gtest/gtest.h>
#include <tilts/audit/v1/events.pb.h>
#include <tilts/events/v1/envelope.pb.h>

#include "events/envelope_codec.hpp"

namespace tilts::backbone {
namespace {

const core::CityTime kNow = core::ParseRfc3339("2026-03-02T08:30:00Z").value();

audit::v1::AuditRecorded RecordIn(const events::Draft& draft) {
  audit::v1::AuditRecorded record;
  const auto envelope = events::Decode(draft.value);
  EXPECT_TRUE(envelope.has_value());
  EXPECT_TRUE(events::DecodeEventInto(*envelope, record).has_value());
  return record;
}

rpc::CallContext Call() {
  rpc::CallContext call;
  call.principal.kind = auth::Principal::Kind::kInstitution;
  call.principal.client_id = "client-1";
  call.principal.issuer = "gateway";
  call.principal.institution_id = "institution-1";
  call.method = "tilts.notification.v1.NotificationService/PutEndpoint";
  call.call_id = "call-1";
  call.now = kNow;
  return call;
}

TEST(AuditTest, SaysWhoDidWhatWhenACallIsRecorded) {
  const auto draft = AuditOfCall(
      Call(), "notification",
      {"notification.registry", auth::Touch::kWrite, {"endpoint/7"}, auth::AccessDecision::Deny("NOT_A_PARTY"), ""});
  ASSERT_TRUE(draft.has_value());
  EXPECT_EQ(draft->topic, "tilts.audit.v1");
  EXPECT_EQ(draft->key, "notification.registry");
  const auto record = RecordIn(*draft);
  EXPECT_EQ(record.client_id(), "client-1");
  EXPECT_EQ(record.institution_id(), "institution-1");
  EXPECT_EQ(record.action(), audit::v1::AUDIT_ACTION_WRITE);
  EXPECT_EQ(record.object_ids(0), "endpoint/7");
  EXPECT_FALSE(record.allowed());
  EXPECT_EQ(record.decision_reason(), "NOT_A_PARTY");
  EXPECT_FALSE(record.system());
}

TEST(AuditTest, MakesTwoRecordsWhenACallIdIsRepeated) {
  const auth::AuditFacts note{
      "notification.registry", auth::Touch::kWrite, {}, auth::AccessDecision::Allow("OWNER"), ""};
  EXPECT_NE(AuditOfCall(Call(), "notification", note)->event_id, AuditOfCall(Call(), "notification", note)->event_id);
}

TEST(AuditTest, RepeatsTheIdWhenTheSystemHandlesTheSameCauseAgain) {
  const auth::AuditFacts note{
      "notification.protection", auth::Touch::kWrite, {}, auth::AccessDecision::Allow("SYSTEM"), ""};
  const auto first = AuditOfSystem("notification", "second-channel", "event-1", 0, kNow, note);
  const auto again = AuditOfSystem("notification", "second-channel", "event-1", 0, kNow, note);
  const auto other = AuditOfSystem("notification", "second-channel", "event-1", 1, kNow, note);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->event_id, again->event_id);
  EXPECT_NE(first->event_id, other->event_id);
  EXPECT_TRUE(RecordIn(*first).system());
}

}  // namespace
}  // namespace tilts::backbone
