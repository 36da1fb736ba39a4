#include <gmock/gmock.h>

#include "register_test.hpp"

namespace tilts::case_intake::testing {
namespace {

using ::testing::ElementsAre;

class CaseLifeTest : public RegisterTest {
 protected:
  core::Result<intake::v1::CloseCaseResponse> Close(const std::string& case_id, const std::string& request_id,
                                                    const std::string& etag) {
    intake::v1::CloseCaseRequest request;
    request.set_request_id(request_id);
    request.set_case_id(case_id);
    request.set_outcome(codes::v1::CASE_OUTCOME_RESOLVED);
    request.set_etag(etag);
    return cases_->Close(CallBy(kSchool), request);
  }
};

TEST_F(CaseLifeTest, FollowsItsReferralsToTheOutcomeThatReportersHear) {
  const auto first = Accepted(kSchool, ReportOf("r1", "code-1"));
  const auto second = Accepted(kOtherSchool, ReportOf("r2", "code-1"));
  const std::string id = CaseOf(first.report_id());
  ASSERT_TRUE(Follow("ref-1", id, 1, codes::v1::REFERRAL_STATE_REQUESTED));
  ASSERT_TRUE(Follow("ref-2", id, 1, codes::v1::REFERRAL_STATE_REQUESTED, codes::v1::REFERRAL_KIND_INFORM));
  EXPECT_EQ(Read(kSchool, id).open_referrals(), 1u);
  ASSERT_TRUE(Follow("ref-1", id, 3, codes::v1::REFERRAL_STATE_ACCEPTED));
  const intake::v1::Case working = Read(kSchool, id);
  EXPECT_EQ(working.state(), codes::v1::CASE_STATE_IN_COOPERATION);
  EXPECT_THAT(working.available_moves(), ElementsAre("RAISE_LEVEL"));
  EXPECT_EQ(Close(id, "k1", working.etag()).error().reason, "OPEN_REFERRALS");

  ASSERT_TRUE(Follow("ref-1", id, 4, codes::v1::REFERRAL_STATE_COMPLETED));
  ASSERT_TRUE(Follow("ref-1", id, 3, codes::v1::REFERRAL_STATE_ACCEPTED));  // seen before
  const intake::v1::Case done = Read(kSchool, id);
  EXPECT_EQ(done.state(), codes::v1::CASE_STATE_MONITORING);
  EXPECT_EQ(Close(id, "k2", working.etag()).error().reason, "ETAG_MISMATCH");
  const auto closed = Close(id, "k3", done.etag());
  ASSERT_TRUE(closed) << closed.error().message;
  EXPECT_EQ(closed->case_file().state(), codes::v1::CASE_STATE_CLOSED);
  EXPECT_EQ(closed->case_file().available_moves_size(), 0);
  EXPECT_EQ(Close(id, "k3", done.etag())->SerializeAsString(), closed->SerializeAsString());

  std::vector<std::string> told;
  for (const auto& outcome : PublishedOf<cases::v1::ReportOutcome>()) told.push_back(outcome.reporter_institution_id());
  EXPECT_THAT(told, ElementsAre(kSchool, kOtherSchool));
  intake::v1::GetReportRequest request;
  request.set_report_id(second.report_id());
  EXPECT_EQ(reports_->Show(CallBy(kOtherSchool), request)->outcome(), codes::v1::CASE_OUTCOME_RESOLVED);
}

TEST_F(CaseLifeTest, OpensALinkedEpisodeWhenTheFileWasClosed) {
  const auto first = Accepted(kSchool, ReportOf("r1", "code-1"));
  const std::string id = CaseOf(first.report_id());
  ASSERT_TRUE(Close(id, "k1", Read(kSchool, id).etag()));
  const auto second = Accepted(kSchool, ReportOf("r2", "code-1"));
  EXPECT_NE(CaseOf(second.report_id()), id);
  const auto opened = PublishedOf<cases::v1::CaseOpened>();
  ASSERT_EQ(opened.size(), 2u);
  EXPECT_EQ(opened[1].previous_case_id(), id);
}

TEST_F(CaseLifeTest, MergesWhenACompletionNamesTheChildOfAnOpenCase) {
  const auto first = Accepted(kSchool, ReportOf("r1", "code-1"));
  intake::v1::ReportConcernRequest nameless = ReportOf("r2", "code-1");
  nameless.mutable_people(0)->clear_identifiers();
  const auto second = Accepted(kOtherSchool, nameless);
  ASSERT_NE(CaseOf(first.report_id()), CaseOf(second.report_id()));

  intake::v1::CompleteReportRequest completion;
  completion.set_request_id("c1");
  completion.set_report_id(second.report_id());
  *completion.add_people() = ReportOf("x", "code-1").people(0);
  const auto answer = reports_->Complete(CallBy(kOtherSchool), completion);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->warnings_size(), 0);
  EXPECT_EQ(CaseOf(first.report_id()), CaseOf(second.report_id()));
  EXPECT_EQ(reports_->Complete(CallBy(kOtherSchool), completion)->SerializeAsString(), answer->SerializeAsString());
  EXPECT_EQ(PublishedOf<cases::v1::ReportAttached>().size(), 1u);
  const intake::v1::Case merged = Read(kSchool, CaseOf(first.report_id()));
  EXPECT_EQ(merged.reports_size(), 2);
  EXPECT_EQ(merged.people_size(), 1);
  EXPECT_EQ(merged.reports(1).description(), "planted-text of what happened");
}

TEST_F(CaseLifeTest, RefusesToCompleteAReportThatHasItsOutcome) {
  const auto first = Accepted(kSchool, ReportOf("r1", "code-1"));
  const std::string id = CaseOf(first.report_id());
  ASSERT_TRUE(Close(id, "k1", Read(kSchool, id).etag()));
  intake::v1::CompleteReportRequest completion;
  completion.set_request_id("c1");
  completion.set_report_id(first.report_id());
  EXPECT_EQ(reports_->Complete(CallBy(kSchool), completion).error().reason, "REPORT_CLOSED");
}

TEST_F(CaseLifeTest, RaisesTheLevelOnceAndTellsRouting) {
  const auto first = Accepted(kSchool, ReportOf("r1", "code-1"));
  const std::string id = CaseOf(first.report_id());
  intake::v1::RaiseLevelRequest request;
  request.set_request_id("l1");
  request.set_case_id(id);
  request.set_level(2);
  request.set_etag(Read(kSchool, id).etag());
  ASSERT_TRUE(cases_->Raise(CallBy(kSchool), request));
  ASSERT_TRUE(cases_->Raise(CallBy(kSchool), request));
  const auto changed = PublishedOf<cases::v1::CaseFactsChanged>();
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].facts().level(), 2u);
  EXPECT_EQ(Read(kSchool, id).facts().level(), 2u);
}

TEST_F(CaseLifeTest, CountsAReferralThatFollowedAMergeAtItsNewCase) {
  const auto first = Accepted(kSchool, ReportOf("r1", "code-1"));
  const auto second = Accepted(kSchool, ReportOf("r2", "code-2"));
  ASSERT_TRUE(Follow("ref-1", CaseOf(first.report_id()), 1, codes::v1::REFERRAL_STATE_REQUESTED));
  ASSERT_TRUE(Follow("ref-1", CaseOf(second.report_id()), 2, codes::v1::REFERRAL_STATE_ACCEPTED));
  EXPECT_EQ(Read(kSchool, CaseOf(second.report_id())).open_referrals(), 1u);
  EXPECT_EQ(Read(kSchool, CaseOf(second.report_id())).state(), codes::v1::CASE_STATE_IN_COOPERATION);
}

TEST_F(CaseLifeTest, IgnoresReferralsThatHaveNoCase) {
  EXPECT_TRUE(Follow("ref-1", "a-statutory-notice", 1, codes::v1::REFERRAL_STATE_REQUESTED));
  EXPECT_EQ(Count("case_referral"), 0);
}

}  // namespace
}  // namespace tilts::case_intake::testing
