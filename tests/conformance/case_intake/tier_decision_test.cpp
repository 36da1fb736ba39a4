#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "tier_fixture.hpp"

namespace tilts::case_intake::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kConfirm = codes::v1::TIER_DECISION_CONFIRM;
constexpr auto kLower = codes::v1::TIER_DECISION_LOWER;
constexpr auto kDecline = codes::v1::TIER_DECISION_DECLINE;
constexpr auto kNominate = codes::v1::TIER_DECISION_NOMINATE;

class TierDecisionTest : public TierTest {};

TEST_F(TierDecisionTest, AConfirmedTierThreeOpensOneCaseHoweverOftenItIsSent) {
  const std::string pupil = Enrolled(kSchool, "code-1");
  Propose(pupil, 1, 3, "d1");
  EXPECT_THAT(PublishedOf<cases::v1::CaseOpened>(), IsEmpty()) << "a score opens nothing";
  const intake::v1::DecideTierRequest request = RequestFor("q1", pupil, kConfirm);
  const intake::v1::Tier first = Decided(request);
  EXPECT_EQ(Decided(request).SerializeAsString(), first.SerializeAsString());

  const auto opened = PublishedOf<cases::v1::CaseOpened>();
  ASSERT_EQ(opened.size(), 1u);
  EXPECT_EQ(opened[0].case_id(), first.case_id());
  EXPECT_EQ(opened[0].subject_person_id(), pupil);
  EXPECT_EQ(opened[0].reporter_institution_id(), kSchool);
  EXPECT_EQ(opened[0].facts().stream(), codes::v1::STREAM_PMP);
  EXPECT_TRUE(opened[0].facts().subject_known());
  EXPECT_EQ(opened[0].facts().school_id(), kSchool);
  EXPECT_EQ(opened[0].facts().coordinator_id(), kSchool);
  EXPECT_THAT(opened[0].facts().concerns(),
              ElementsAre(codes::v1::CONCERN_CODE_UNEXCUSED_ABSENCE, codes::v1::CONCERN_CODE_FAILING));
  EXPECT_THAT(opened[0].facts().aggravating(), IsEmpty());
  const auto decided = PublishedOf<cases::v1::TierDecided>();
  ASSERT_EQ(decided.size(), 1u);
  EXPECT_EQ(decided[0].case_id(), first.case_id());
  EXPECT_EQ(decided[0].proposed_tier(), 3u);
  const intake::v1::Case file = Read(kSchool, first.case_id());
  EXPECT_EQ(file.reports(0).description(), "planted-text of the decision");
}

TEST_F(TierDecisionTest, RefusesAnotherBodyUnderTheSameRequestId) {
  const std::string pupil = Enrolled(kSchool, "code-1");
  Propose(pupil, 1, 2, "d1");
  Decided(RequestFor("q1", pupil, kConfirm));
  EXPECT_EQ(Refused(RequestFor("q1", pupil, kDecline)).reason, "IDEMPOTENCY_BODY");
  EXPECT_EQ(PublishedOf<cases::v1::TierDecided>().size(), 1u);
}

TEST_F(TierDecisionTest, JoinsTheOpenCaseOfTheChild) {
  const std::string pupil = Enrolled(kSchool, "code-1");
  intake::v1::ReportConcernRequest report = ReportOf("r1", "code-1");
  report.set_stream(codes::v1::STREAM_PMP);
  report.clear_concerns();
  report.add_concerns(codes::v1::CONCERN_CODE_CONFLICT);
  report.mutable_people(0)->set_role(codes::v1::PERSON_ROLE_SUBJECT);
  const std::string open_case = CaseOf(Accepted(kOtherSchool, report).report_id());
  Propose(pupil, 1, 3, "d1");
  EXPECT_EQ(Decided(RequestFor("q1", pupil, kConfirm)).case_id(), open_case);
  EXPECT_EQ(PublishedOf<cases::v1::CaseOpened>().size(), 1u);
  const auto attached = PublishedOf<cases::v1::ReportAttached>();
  ASSERT_EQ(attached.size(), 1u);
  EXPECT_EQ(attached[0].facts().concerns_size(), 3);
}

TEST_F(TierDecisionTest, TwoAtOnceMakeOneDecisionAndOneCase) {
  const std::string pupil = Enrolled(kSchool, "code-1");
  Propose(pupil, 1, 3, "d1");
  std::atomic<int> stood = 0;
  {
    std::vector<std::jthread> people;
    for (int i = 0; i < 4; ++i) {
      people.emplace_back([&, i] {
        const auto answer = desk_->Decide(CallBy(kSchool), RequestFor("q" + std::to_string(i), pupil, kConfirm));
        if (answer) {
          ++stood;
        } else {
          EXPECT_EQ(answer.error().reason, "TIER_NOT_PROPOSED");
        }
      });
    }
  }
  EXPECT_EQ(stood, 1);
  EXPECT_EQ(Count("case_file"), 1);
  EXPECT_EQ(PublishedOf<cases::v1::TierDecided>().size(), 1u);
}

TEST_F(TierDecisionTest, LowerAndDeclineOpenNoCase) {
  const std::string first = Enrolled(kSchool, "code-1");
  const std::string second = Enrolled(kSchool, "code-2");
  Propose(first, 1, 3, "d1");
  Propose(second, 1, 3, "d1");
  EXPECT_EQ(Decided(RequestFor("q1", first, kLower)).decided_tier(), 1u);
  const intake::v1::Tier declined = Decided(RequestFor("q2", second, kDecline));
  EXPECT_EQ(declined.decided_tier(), 1u);
  EXPECT_EQ(declined.case_id(), "");
  EXPECT_EQ(Count("case_file"), 0);
  EXPECT_EQ(PublishedOf<cases::v1::TierDecided>().size(), 2u);
  EXPECT_EQ(Count("tier_note WHERE person_id = pupil_id"), 2);
}

TEST_F(TierDecisionTest, RefusesADigestThatIsNotTheProposals) {
  const std::string pupil = Enrolled(kSchool, "code-1");
  Propose(pupil, 1, 3, "d1");
  Propose(pupil, 2, 3, "d2");
  const core::Error stale = Refused(RequestFor("q1", pupil, kConfirm, "d1"));
  EXPECT_EQ(stale.code, core::Errc::kConflict);
  EXPECT_EQ(stale.reason, "TIER_STALE");
  EXPECT_THAT(PublishedOf<cases::v1::TierDecided>(), IsEmpty());
  EXPECT_EQ(Count("note") + Count("tier_note"), 0);
}

TEST_F(TierDecisionTest, ANominationNeedsNoProposalButThePupilsSchool) {
  const std::string pupil = Enrolled(kSchool, "code-1");
  EXPECT_EQ(Refused(RequestFor("q0", pupil, kConfirm)).reason, "TIER_NOT_PROPOSED");
  EXPECT_EQ(Refused(RequestFor("q1", pupil, kNominate), kOtherSchool).code, core::Errc::kNotFound);
  const intake::v1::Tier nominated = Decided(RequestFor("q2", pupil, kNominate));
  EXPECT_NE(nominated.case_id(), "");
  EXPECT_EQ(nominated.proposed_tier(), 0u);
  EXPECT_THAT(PublishedOf<cases::v1::CaseOpened>().at(0).facts().concerns(),
              ElementsAre(codes::v1::CONCERN_CODE_MOTIVATION));
  const auto decided = PublishedOf<cases::v1::TierDecided>();
  EXPECT_EQ(decided.at(0).proposed_tier(), 0u);
  EXPECT_EQ(decided.at(0).material_digest(), "");
  ASSERT_EQ(List().size(), 1u);
}

TEST_F(TierDecisionTest, APupilThatLeftIsNominatedByTheNewSchoolOnly) {
  const std::string pupil = Enrolled(kSchool, "code-1");
  ASSERT_TRUE(database_->Query("UPDATE enrolment SET to_day = 20513"));  // the day before
  EXPECT_EQ(Refused(RequestFor("q1", pupil, kNominate)).code, core::Errc::kNotFound);
  Enrolled(kOtherSchool, "code-1");
  EXPECT_EQ(Refused(RequestFor("q2", pupil, kNominate)).code, core::Errc::kNotFound);
  EXPECT_NE(Decided(RequestFor("q3", pupil, kNominate), kOtherSchool).case_id(), "");
}

TEST_F(TierDecisionTest, AForeignPupilLooksLikeAnUnknownOne) {
  const std::string pupil = Enrolled(kSchool, "code-1");
  Propose(pupil, 1, 3, "d1");
  for (const auto decision : {kConfirm, kLower, kDecline, kNominate}) {
    const core::Error foreign = Refused(RequestFor("q1", pupil, decision), kOtherSchool);
    EXPECT_EQ(foreign.code, core::Errc::kNotFound);
    EXPECT_EQ(foreign, Refused(RequestFor("q2", "nobody", decision), kOtherSchool));
  }
  EXPECT_EQ(Refused(RequestFor("q3", pupil, kConfirm, "d0"), kOtherSchool).code, core::Errc::kNotFound)
      << "a wrong digest must not tell that there is a proposal";
  EXPECT_THAT(List(kOtherSchool), IsEmpty());
  EXPECT_EQ(Count("case_file"), 0);
  EXPECT_EQ(Count("note") + Count("tier_note"), 0);
  const auto audits = PublishedOf<audit::v1::AuditRecorded>();
  EXPECT_EQ(std::count_if(audits.begin(), audits.end(),
                          [](const auto& record) { return record.decision_reason() == "NOT_A_PARTY"; }),
            5);
}

TEST_F(TierDecisionTest, TheTextStaysSealedAndGoesUnderThePupilsKeyWhenTheVaultIsBack) {
  const std::string first = Enrolled(kSchool, "code-1");
  const std::string second = Enrolled(kSchool, "code-2");
  Propose(first, 1, 2, "d1");
  Propose(second, 1, 3, "d1");
  vault_.SetDown(true);
  Decided(RequestFor("q1", first, kConfirm));
  const std::string case_id = Decided(RequestFor("q2", second, kConfirm)).case_id();
  EXPECT_EQ(Count("tier_note WHERE person_id IS NULL AND vault_due_at IS NOT NULL"), 1);
  EXPECT_EQ(CountTierNotes(*database_, clock_.Now())->next_due_at, clock_.Now() + std::chrono::seconds(5));

  clock_.Advance(std::chrono::seconds(5));
  EXPECT_EQ(*note_worker_->WorkOnce(), 0u) << "the vault is still down";
  vault_.SetDown(false);
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(*note_worker_->WorkOnce(), 1u);
  EXPECT_EQ(*note_worker_->WorkOnce(), 0u);
  EXPECT_EQ(Count("tier_note WHERE person_id = pupil_id AND vault_due_at IS NULL"), 1);
  ASSERT_TRUE(worker_->WorkOnce());
  EXPECT_EQ(Count("note WHERE person_id IS NULL"), 0);
  EXPECT_EQ(Read(kSchool, case_id).reports(0).description(), "planted-text of the decision");
  for (const events::v1::Envelope& envelope : Published()) {
    EXPECT_EQ(envelope.SerializeAsString().find("planted"), std::string::npos) << envelope.type();
    EXPECT_EQ(envelope.SerializeAsString().find("social-pedagogue"), std::string::npos) << envelope.type();
  }
  EXPECT_EQ(Count("tier_note WHERE encode(sealed, 'escape') LIKE '%planted%'"), 0);
}

}  // namespace
}  // namespace tilts::case_intake::testing
