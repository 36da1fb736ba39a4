#include <gmock/gmock.h>
#include <tilts/audit/v1/events.pb.h>

#include "risk_fixture.hpp"
#include "risk_scoring/app/contract.hpp"

namespace tilts::risk_scoring {
namespace {

using core::Errc;

class DeskTest : public RiskTest {
 protected:
  void SetUp() override {
    RiskTest::SetUp();
    if (HasFatalFailure()) return;
    for (const char* pupil : {"pupil-1", "pupil-2", "pupil-3"}) Enrol(pupil);
    for (int n = 0; n < 12; ++n) {
      Attend("pupil-1", n, 2);
      Attend("pupil-2", n, 0);
      Attend("pupil-3", n, 1);
      CloseDay(n);
    }
    processor_ = NewProcessor();
    ASSERT_TRUE(Drain(*processor_));
    topics_->published.clear();
  }
  core::Result<risk::v1::GetScoreResponse> Score(const std::string& school, const std::string& pupil) {
    risk::v1::GetScoreRequest request;
    request.set_pupil_id(pupil);
    return Desk().GetScore(As(school), request);
  }
  std::vector<audit::v1::AuditRecorded> Audited() {
    std::vector<audit::v1::AuditRecorded> records;
    for (const events::OutgoingRecord& record : topics_->published) {
      if (record.topic != "tilts.audit.v1") continue;
      const auto envelope = events::Decode(record.value).value();
      EXPECT_TRUE(events::DecodeEventInto(envelope, records.emplace_back()));
    }
    return records;
  }
  std::unique_ptr<PartitionProcessor> processor_;
};

TEST_F(DeskTest, TheScoreIsTheSumOfItsContributions) {
  const auto score = Score(kSchool, "pupil-1").value().score();
  EXPECT_EQ(score.proposed_tier(), 2U);
  EXPECT_EQ(score.unexcused_lessons(), 24U);
  EXPECT_TRUE(score.limit_crossed());
  EXPECT_EQ(score.as_of_day(), "2025-09-16");
  std::int32_t sum = 0;
  for (const auto& contribution : score.contributions()) {
    sum += contribution.points();
    EXPECT_TRUE(contribution.facts().empty());
  }
  EXPECT_EQ(sum, score.points());
  risk::v1::ExplainScoreRequest request;
  request.set_pupil_id("pupil-1");
  const auto explained = Desk().ExplainScore(As(kSchool), request).value().score();
  ASSERT_FALSE(explained.contributions().empty());
  EXPECT_EQ(explained.contributions(0).facts_size(), 12);
}

TEST_F(DeskTest, AnotherSchoolsPupilLooksLikeAnUnknownOne) {
  const auto foreign = Score("school-a", "pupil-1");
  const auto unknown = Score("school-a", "nobody");
  ASSERT_FALSE(foreign.has_value());
  EXPECT_EQ(foreign.error().code, Errc::kNotFound);
  EXPECT_EQ(foreign.error(), unknown.error());
  const auto audited = Audited();
  ASSERT_EQ(audited.size(), 2U);
  // What a caller wrote in place of an id is not written down.
  EXPECT_EQ(audited[1].object_ids(0), "pupil/unknown");
}

TEST_F(DeskTest, WhoLeftIsSeenByTheSchoolTheyWentTo) {
  Enrol("pupil-1", kSchool, kAutumn, SchoolDay(11), 2);
  Enrol("pupil-1", "school-a", SchoolDay(12));
  CloseDay(12);
  ASSERT_TRUE(Drain(*processor_));
  EXPECT_TRUE(Score("school-a", "pupil-1").has_value());
  EXPECT_EQ(Score(kSchool, "pupil-1").error().code, Errc::kNotFound);
}

TEST_F(DeskTest, WhoIsEnrolledNowhereIsSeenByTheLastSchool) {
  Enrol("pupil-1", kSchool, kAutumn, SchoolDay(11), 2);
  CloseDay(12);
  ASSERT_TRUE(Drain(*processor_));
  const auto score = Score(kSchool, "pupil-1");
  ASSERT_TRUE(score.has_value());
  EXPECT_EQ(score->score().abstention(), risk::v1::ABSTENTION_REASON_NOT_ENROLLED);
}

TEST_F(DeskTest, WithoutItsAuditRecordAReadHasNoAnswer) {
  ASSERT_TRUE(Score(kSchool, "pupil-1").has_value());
  ASSERT_EQ(Audited().size(), 1U);
  EXPECT_EQ(Audited().front().object_ids(0), "pupil/pupil-1");
  topics_->down = true;
  EXPECT_EQ(Score(kSchool, "pupil-1").error().code, Errc::kUnavailable);
  EXPECT_EQ(Desk().ListProposals(As(kSchool), {}).error().code, Errc::kUnavailable);
}

TEST_F(DeskTest, ProposalsAreRankedAndCutAtThePlaces) {
  risk::v1::ListProposalsRequest request;
  const auto all = Desk().ListProposals(As(kSchool), request).value();
  ASSERT_EQ(all.proposals_size(), 2);
  EXPECT_EQ(all.proposals(0).pupil_id(), "pupil-1");
  EXPECT_EQ(all.proposals(1).pupil_id(), "pupil-3");
  EXPECT_GE(all.proposals(0).points(), all.proposals(1).points());
  ASSERT_EQ(all.watermarks_size(), kPartitions);
  EXPECT_EQ(all.watermarks(0).next_offset(), reader_->Describe({At(0)}).value().front().end);
  request.set_places(1);
  const auto cut = Desk().ListProposals(As(kSchool), request).value();
  EXPECT_EQ(cut.proposals_size(), 1);
  EXPECT_EQ(cut.not_listed(), 1U);
  EXPECT_EQ(Desk().ListProposals(As("school-a"), {}).value().proposals_size(), 0);
  request.set_places(501);
  EXPECT_EQ(Desk().ListProposals(As(kSchool), request).error().code, Errc::kInvalid);
}

TEST_F(DeskTest, WhatIfAnswersAndChangesNothing) {
  const std::string digest = Digest();
  const std::size_t said = Said().size();
  risk::v1::WhatIfRequest request;
  request.set_pupil_id("pupil-1");
  for (int n = 0; n < 12; ++n) {
    auto& day = *request.add_facts()->mutable_attendance();
    day.set_day(IsoDate(SchoolDay(n)));
    day.set_lessons_offered(6);
  }
  const auto answer = Desk().WhatIf(As(kSchool), request).value();
  EXPECT_GT(answer.now().points(), 0);
  EXPECT_EQ(answer.then().points(), 0);
  EXPECT_EQ(answer.then().proposed_tier(), 1U);
  EXPECT_EQ(Digest(), digest);
  EXPECT_EQ(Said().size(), said);
  request.mutable_facts(3)->mutable_attendance()->set_day("27.10.2025");
  const auto wrong = Desk().WhatIf(As(kSchool), request);
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().violations.front().field, "facts[3].attendance.day");
}

TEST_F(DeskTest, OnlyTheOperatorPutsACardIntoForce) {
  risk::v1::ActivateCardRequest request;
  request.set_request_id("activate-1");
  request.set_card_id("cold-start");
  request.set_version(1);
  EXPECT_EQ(Desk().ActivateCard(As(kSchool), request).error().code, Errc::kDenied);
  request.set_version(99);
  EXPECT_EQ(Desk().ActivateCard(As("tilts-operator", true), request).error().reason, "CARD_UNKNOWN");
  EXPECT_EQ(Desk().GetCard().value().card_hash(), first_card_->hash);
}

}  // namespace
}  // namespace tilts::risk_scoring
