#include "referral_routing/app/contract.hpp"

#include <gtest/gtest.h>

#include "wire/bytes.hpp"

namespace tilts::referral_routing {
namespace {

const CityTime kAt = core::ParseRfc3339("2026-03-02T08:30:00Z").value();

template <typename Enum>
void ExpectSameWords(const google::protobuf::EnumDescriptor* contract, const std::string& prefix) {
  for (int i = 0; i < contract->value_count(); ++i) {
    const auto* value = contract->value(i);
    EXPECT_EQ(prefix + std::string(ToString(static_cast<Enum>(value->number()))), value->name());
  }
}

TEST(ContractTest, StatesAndMovesAreTheContractsByNumberAndName) {
  ExpectSameWords<ReferralState>(codes::v1::ReferralState_descriptor(), "REFERRAL_STATE_");
  ExpectSameWords<Move>(codes::v1::ReferralMove_descriptor(), "REFERRAL_MOVE_");
}

TEST(ContractTest, NumbersOfTheOtherListsAgree) {
  EXPECT_EQ(static_cast<int>(Stream::kRights), codes::v1::STREAM_RIGHTS);
  EXPECT_EQ(static_cast<int>(Relation::kUnknown), codes::v1::RELATION_UNSPECIFIED);
  EXPECT_EQ(static_cast<int>(Relation::kFamily), codes::v1::RELATION_FAMILY);
  EXPECT_EQ(static_cast<int>(Urgency::kImminent), codes::v1::URGENCY_IMMINENT);
  EXPECT_EQ(static_cast<int>(ReferralKind::kInform), codes::v1::REFERRAL_KIND_INFORM);
  EXPECT_EQ(static_cast<int>(Duty::kReplaceable), codes::v1::DUTY_REPLACEABLE);
  EXPECT_EQ(static_cast<int>(RejectReason::kAtCapacity), codes::v1::REJECT_REASON_AT_CAPACITY);
  EXPECT_EQ(static_cast<int>(RejectReason::kDuplicate), codes::v1::REJECT_REASON_DUPLICATE);
  EXPECT_EQ(static_cast<int>(Outcome::kHandedOn), codes::v1::REFERRAL_OUTCOME_HANDED_ON);
  EXPECT_EQ(static_cast<int>(InstitutionKind::kStatePolice), codes::v1::INSTITUTION_KIND_STATE_POLICE);
  EXPECT_EQ(static_cast<int>(InstitutionKind::kSchool), codes::v1::INSTITUTION_KIND_SCHOOL);
  EXPECT_EQ(static_cast<int>(InstitutionKind::kOtherMunicipality), codes::v1::INSTITUTION_KIND_OTHER_MUNICIPALITY);
  EXPECT_EQ(static_cast<int>(InstitutionKind::kCooperationGroup), codes::v1::INSTITUTION_KIND_COOPERATION_GROUP);
}

TEST(ContractTest, AStoredReferralComesBackWhole) {
  Referral referral;
  referral.id = core::ReferralId("r-1");
  referral.case_id = core::CaseId("c-1");
  referral.stream = Stream::kViolence;
  referral.requester = InstitutionId("school");
  referral.recipient = InstitutionId("police");
  referral.recipient_kind = InstitutionKind::kStatePolice;
  referral.ask = {"POLICE_CHECK",
                  ReferralKind::kAct,
                  Duty::kExclusive,
                  Urgency::kUrgent,
                  "same-day",
                  "rule",
                  3,
                  "law",
                  {InstitutionKind::kStatePolice},
                  "LV-RIX",
                  true};
  referral.state = ReferralState::kOnHold;
  referral.before_hold = ReferralState::kAccepted;
  referral.overdue = referral.cancel_requested = true;
  referral.sequence = 9;
  referral.replaced = core::ReferralId("r-0");
  referral.due = {kAt, kAt + std::chrono::hours{1}, kAt + std::chrono::hours{2}};
  referral.calendar_id = "state";
  referral.calendar_version = "2026.1";
  referral.requested_at = referral.received_at = referral.answered_at = kAt;
  referral.holds = {{kAt, kAt + std::chrono::hours{5}}};
  referral.role = "duty-officer";
  referral.unit = "unit-1";
  referral.outcome = Outcome::kHelped;
  referral.measure_codes = {"M1", "M2"};
  const auto bytes = wire::Serialize(ToStored(referral));
  ASSERT_TRUE(bytes);
  referrals::v1::StoredReferral stored;
  ASSERT_TRUE(wire::Parse(*bytes, stored));
  const Referral back = FromStored(stored);
  EXPECT_EQ(back.ask, referral.ask);
  EXPECT_EQ(back.due, referral.due);
  EXPECT_EQ(back.state, referral.state);
  EXPECT_EQ(back.before_hold, referral.before_hold);
  EXPECT_TRUE(back.overdue && back.cancel_requested);
  EXPECT_EQ(back.sequence, 9U);
  EXPECT_EQ(back.replaced, referral.replaced);
  ASSERT_EQ(back.holds.size(), 1U);
  EXPECT_EQ(back.holds[0].to, referral.holds[0].to);
  EXPECT_EQ(back.received_at, referral.received_at);
  EXPECT_EQ(back.ended_at, std::nullopt);
  EXPECT_EQ(back.role + back.unit, "duty-officerunit-1");
  EXPECT_EQ(back.measure_codes, referral.measure_codes);
}

}  // namespace
}  // namespace tilts::referral_routing
