#include "tier_fixture.hpp"

#include "case_intake/adapters/pupil_enrolment_store.hpp"
#include "crypto/random.hpp"
#include "events/draft.hpp"

namespace tilts::case_intake::testing {

void TierTest::SetUp() {
  RegisterTest::SetUp();
  if (HasFatalFailure()) return;
  desk_ = std::make_unique<TierDesk>(*office_, TierProbe());
  tier_follower_ = std::make_unique<TierFollower>(TierProbe());
  note_worker_ = std::make_unique<TierNoteWorker>(*office_, clock_, std::chrono::milliseconds(10));
  handlers_.On<risk::v1::TierProposed>(
      [this](postgres::UnitOfWork& unit, const events::v1::Envelope& envelope, const risk::v1::TierProposed& event) {
        return tier_follower_->OnProposed(unit, envelope, event);
      });
  processor_ = std::make_unique<postgres::SqlBatchProcessor>(*database_, handlers_, clock_,
                                                             postgres::SqlBatchOptions{.group = kServiceName});
}

std::string TierTest::Enrolled(const std::string& school, const std::string& code) {
  registry::v1::ResolvePersonsRequest request;
  request.set_request_id(crypto::RandomId());
  Identify(*request.add_people(), code);
  const auto resolved = vault_.Resolve(request, {});
  EXPECT_TRUE(resolved);
  Enrolment enrolment;
  enrolment.record_id = crypto::RandomId();
  enrolment.person_id = resolved->people(0).person_id();
  enrolment.from = DayOf(calendar::ParseDate("2025-09-01").value());
  enrolment.stage = Stage::kBasic;
  enrolment.grade = 7;
  enrolment.revision = 1;
  EXPECT_TRUE(database_->Transact([&](postgres::UnitOfWork& unit) -> core::Status {
    TILTS_CHECK(EnrolmentStore(unit, school).Apply({enrolment}));
    return {};
  }));
  return enrolment.person_id;
}

risk::v1::TierProposed TierTest::ProposalOf(const std::string& pupil, const std::string& school, std::uint32_t tier,
                                            const std::string& digest) {
  risk::v1::TierProposed proposal;
  proposal.set_pupil_id(pupil);
  proposal.set_institution_id(school);
  proposal.set_tier(tier);
  proposal.set_points(23);
  proposal.set_card_id("cold-start");
  proposal.set_card_version(1);
  proposal.set_as_of_day(DayOf(calendar::ParseDate("2026-02-27").value()));
  proposal.set_material_digest(digest);
  for (const char* domain : {"attendance", "marks"}) {
    risk::v1::Contribution& contribution = *proposal.add_contributions();
    contribution.set_domain(domain);
    contribution.set_points(11);
  }
  return proposal;
}

events::Draft TierTest::DraftOfProposal(const risk::v1::TierProposed& proposal, std::uint64_t sequence) const {
  events::Meta meta;
  meta.id = events::DerivedId(proposal.pupil_id(), "test-proposal", static_cast<std::uint32_t>(sequence));
  meta.source = "/risk-scoring";
  meta.subject = proposal.pupil_id();
  meta.sequence = sequence;
  meta.purpose = codes::v1::PURPOSE_PMP;
  meta.occurred_at = meta.recorded_at = clock_.Now() - std::chrono::hours(1) + std::chrono::seconds(sequence);
  return events::MakeDraft(proposal, meta).value();
}

void TierTest::Receive(const events::Draft& draft) {
  const auto stored = processor_->LoadOffsets({{kTopic, 0}});
  ASSERT_TRUE(stored) << stored.error().message;
  const std::optional<std::int64_t> offset = stored->at(0);
  const std::vector<events::Record> records{{{kTopic, 0}, offset.value_or(0), draft.key, draft.value, {}}};
  const auto processed = processor_->Process({kTopic, 0}, offset, records);
  ASSERT_TRUE(processed) << processed.error().message;
}

void TierTest::Propose(const std::string& pupil, std::uint64_t sequence, std::uint32_t tier, const std::string& digest,
                       const std::string& school) {
  Receive(DraftOfProposal(ProposalOf(pupil, school, tier, digest), sequence));
}

intake::v1::DecideTierRequest TierTest::RequestFor(const std::string& request_id, const std::string& pupil,
                                                   codes::v1::TierDecision decision, const std::string& digest) {
  intake::v1::DecideTierRequest request;
  request.set_request_id(request_id);
  request.set_pupil_id(pupil);
  request.set_decision(decision);
  request.set_reason(codes::v1::TIER_DECISION_REASON_EVIDENCE_HOLDS);
  request.set_role("social-pedagogue");
  request.set_note("planted-text of the decision");
  if (decision == codes::v1::TIER_DECISION_NOMINATE) {
    request.set_tier(3);
  } else {
    request.set_material_digest(digest);
  }
  if (decision == codes::v1::TIER_DECISION_LOWER) request.set_tier(1);
  return request;
}

intake::v1::Tier TierTest::Decided(const intake::v1::DecideTierRequest& request, const std::string& school) {
  const auto answer = desk_->Decide(CallBy(school), request);
  EXPECT_TRUE(answer) << answer.error().reason << ": " << answer.error().message;
  return answer ? answer->tier() : intake::v1::Tier();
}

core::Error TierTest::Refused(const intake::v1::DecideTierRequest& request, const std::string& school) {
  const auto answer = desk_->Decide(CallBy(school), request);
  EXPECT_FALSE(answer) << request.request_id();
  return answer ? core::Error() : answer.error();
}

std::vector<intake::v1::Tier> TierTest::List(const std::string& school, bool only_undecided) {
  intake::v1::ListTiersRequest request;
  request.set_only_undecided(only_undecided);
  const auto answer = desk_->List(CallBy(school), request);
  EXPECT_TRUE(answer) << answer.error().message;
  if (!answer) return {};
  return {answer->tiers().begin(), answer->tiers().end()};
}

}  // namespace tilts::case_intake::testing
