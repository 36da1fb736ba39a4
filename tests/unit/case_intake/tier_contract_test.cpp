#include "case_intake/app/tier_contract.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tilts/cases/v1/events.pb.h>
#include <tilts/events/v1/envelope.pb.h>

#include "case_intake/app/tier_publish.hpp"
#include "domain_samples.hpp"
#include "events/envelope_codec.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {
namespace {

using ::testing::ElementsAre;
using testing::kNow;

const core::InstitutionId kSchool("riga-school-7");
const core::NoteId kNote("note-1");

template <typename Code>
void ExpectNumber(const google::protobuf::EnumDescriptor* list, const char* name, Code code) {
  const auto* value = list->FindValueByName(name);
  ASSERT_NE(value, nullptr) << name;
  EXPECT_EQ(value->number(), static_cast<int>(code)) << name;
}

intake::v1::DecideTierRequest Request() {
  intake::v1::DecideTierRequest request;
  request.set_request_id("q1");
  request.set_pupil_id("pupil-1");
  request.set_decision(codes::v1::TIER_DECISION_CONFIRM);
  request.set_reason(codes::v1::TIER_DECISION_REASON_OTHER);
  request.set_note("planted-text");
  request.set_material_digest("d1");
  request.set_role("social-pedagogue");
  return request;
}

events::v1::Envelope EnvelopeOf(std::uint64_t sequence) {
  events::v1::Envelope envelope;
  envelope.set_id("event-1");
  envelope.set_sequence(sequence);
  *envelope.mutable_recorded_at() = wire::ToTimestamp(kNow);
  return envelope;
}

risk::v1::TierProposed Proposed() {
  risk::v1::TierProposed event;
  event.set_pupil_id("pupil-1");
  event.set_institution_id(kSchool.value());
  event.set_tier(3);
  event.set_points(21);
  event.set_material_digest("d1");
  event.set_as_of_day(20'514);
  for (const char* domain : {"attendance", "attendance", "marks"}) {
    risk::v1::Contribution& contribution = *event.add_contributions();
    contribution.set_domain(domain);
    contribution.set_points(7);
  }
  event.add_contributions()->set_domain("behaviour");  // without points
  return event;
}

TierDecision Confirmed() {
  PupilTier state;
  state.pupil = core::PersonId("pupil-1");
  state = Propose(state, kSchool, ReadProposal(EnvelopeOf(1), Proposed()).value());
  return DecideTier(state, ReadTierCommand(Request(), kSchool, kNote, kNow).value()).value();
}

TEST(TierContractTest, CodesShareTheirNumbersWithTheContract) {
  ExpectNumber(codes::v1::TierDecision_descriptor(), "TIER_DECISION_CONFIRM", TierMove::kConfirm);
  ExpectNumber(codes::v1::TierDecision_descriptor(), "TIER_DECISION_LOWER", TierMove::kLower);
  ExpectNumber(codes::v1::TierDecision_descriptor(), "TIER_DECISION_DECLINE", TierMove::kDecline);
  ExpectNumber(codes::v1::TierDecision_descriptor(), "TIER_DECISION_NOMINATE", TierMove::kNominate);
  ExpectNumber(codes::v1::TierDecisionReason_descriptor(), "TIER_DECISION_REASON_NOT_SEEN_BY_RECORDS",
               TierReason::kNotSeenByRecords);
  ExpectNumber(codes::v1::TierDecisionReason_descriptor(), "TIER_DECISION_REASON_OTHER", TierReason::kOther);
}

TEST(TierContractTest, RefusesARequestThatCannotBeADecision) {
  const auto error_of = [](auto change) {
    intake::v1::DecideTierRequest request = Request();
    change(request);
    const auto command = ReadTierCommand(request, kSchool, kNote, kNow);
    return command ? core::Violation() : command.error().violations.at(0);
  };
  EXPECT_EQ(error_of([](auto& request) { request.clear_request_id(); }).field, "request_id");
  EXPECT_EQ(error_of([](auto& request) { request.set_decision(static_cast<codes::v1::TierDecision>(77)); }).code,
            "REQUIRED");
  EXPECT_EQ(error_of([](auto& request) { request.clear_note(); }).field, "note");
  std::string longest;
  for (int i = 0; i < 4'000; ++i) longest += "ā";
  EXPECT_EQ(error_of([&](auto& request) { request.set_note(longest); }).code, "");
  EXPECT_EQ(error_of([&](auto& request) { request.set_note(longest + "b"); }).code, "TOO_LONG");
}

TEST(TierContractTest, ReadsAProposalWithTheDomainsThatHavePoints) {
  const auto proposal = ReadProposal(EnvelopeOf(5), Proposed());
  ASSERT_TRUE(proposal);
  EXPECT_THAT(proposal->domains, ElementsAre("attendance", "marks"));
  EXPECT_EQ(proposal->sequence, 5u);
  EXPECT_EQ(proposal->at, kNow);
  risk::v1::TierProposed unanswerable = Proposed();
  unanswerable.clear_material_digest();
  EXPECT_EQ(ReadProposal(EnvelopeOf(5), unanswerable).error().code, core::Errc::kInvalid);
  risk::v1::TierProposed fourth = Proposed();
  fourth.set_tier(4);
  EXPECT_EQ(ReadProposal(EnvelopeOf(5), fourth).error().code, core::Errc::kInvalid);
}

TEST(TierContractTest, ShowsTheProposalAndTheDecisionInForce) {
  PupilTier state = Confirmed().after;
  state.verdict.case_id = core::CaseId("case-1");
  TierProposal other = state.proposal;
  other.sequence = 2;
  other.material_digest = "d2";
  const intake::v1::Tier reopened = ToProto(Propose(state, kSchool, other));
  EXPECT_EQ(reopened.material_digest(), "d2");
  EXPECT_EQ(reopened.as_of_day(), "2026-03-02");
  EXPECT_EQ(reopened.decision(), codes::v1::TIER_DECISION_CONFIRM);
  EXPECT_EQ(reopened.decided_tier(), 3u);
  EXPECT_TRUE(reopened.reopened());
  EXPECT_EQ(reopened.case_id(), "case-1");
  other.sequence = 3;
  other.tier = 1;
  const intake::v1::Tier taken_back = ToProto(Propose(state, kSchool, other));
  EXPECT_EQ(taken_back.proposed_tier(), 0u);
  EXPECT_EQ(taken_back.material_digest(), "");
  EXPECT_FALSE(taken_back.reopened());
}

TEST(TierPublishTest, TellsTheDecisionInCodesUnderThePupil) {
  TierDecision decision = Confirmed();
  decision.after.verdict.case_id = core::CaseId("case-1");
  const auto draft = DraftOf(decision, "LV-JUR", {"call-1", "", kNow, "LV-RIX"});
  ASSERT_TRUE(draft) << draft.error().message;
  EXPECT_EQ(draft->topic, "tilts.cases.pmp.v1");
  EXPECT_EQ(draft->key, "pupil-1");
  EXPECT_EQ(draft->value.find("planted"), std::string::npos);
  const auto envelope = events::Decode(draft->value);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->id(), TierEventId(decision.after).value());
  EXPECT_EQ(envelope->subject(), "pupil-1");
  EXPECT_EQ(envelope->sequence(), 1u);
  EXPECT_EQ(envelope->correlation_id(), "event-1");
  EXPECT_EQ(envelope->municipality(), "LV-JUR");
  cases::v1::TierDecided event;
  ASSERT_TRUE(event.ParseFromString(envelope->data()));
  EXPECT_EQ(event.institution_id(), kSchool.value());
  EXPECT_EQ(event.proposed_tier(), 3u);
  EXPECT_EQ(event.decided_tier(), 3u);
  EXPECT_EQ(event.reason_note_id(), "note-1");
  EXPECT_EQ(event.case_id(), "case-1");
  EXPECT_EQ(event.material_digest(), "d1");
}

}  // namespace
}  // namespace tilts::case_intake
