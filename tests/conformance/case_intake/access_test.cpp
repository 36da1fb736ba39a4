#include <gmock/gmock.h>

#include "crypto/encoding.hpp"
#include "register_test.hpp"

namespace tilts::case_intake::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class AccessTest : public RegisterTest {
 protected:
  static intake::v1::GetCaseRequest CaseRequest(const std::string& id) {
    intake::v1::GetCaseRequest request;
    request.set_case_id(id);
    return request;
  }
  static intake::v1::GetReportRequest ReportRequest(const std::string& id) {
    intake::v1::GetReportRequest request;
    request.set_report_id(id);
    return request;
  }
};

TEST_F(AccessTest, AForeignIdLooksLikeAnUnknownOne) {
  const auto receipt = Accepted(kSchool, ReportOf("r1", "code-1"));
  const std::string case_id = CaseOf(receipt.report_id());
  const rpc::CallContext foreign = CallBy(kOtherSchool);

  EXPECT_EQ(cases_->Show(foreign, CaseRequest(case_id)).error(), cases_->Show(foreign, CaseRequest("none")).error());
  EXPECT_EQ(reports_->Show(foreign, ReportRequest(receipt.report_id())).error(),
            reports_->Show(foreign, ReportRequest("none")).error());

  intake::v1::CompleteReportRequest completion;
  completion.set_request_id("c1");
  completion.set_report_id(receipt.report_id());
  intake::v1::CompleteReportRequest unknown_completion = completion;
  unknown_completion.set_report_id("none");
  EXPECT_EQ(reports_->Complete(foreign, completion).error(), reports_->Complete(foreign, unknown_completion).error());

  intake::v1::RaiseLevelRequest raise;
  raise.set_request_id("l1");
  raise.set_case_id(case_id);
  raise.set_level(3);
  raise.set_etag("1");
  intake::v1::RaiseLevelRequest unknown_raise = raise;
  unknown_raise.set_case_id("none");
  EXPECT_EQ(cases_->Raise(foreign, raise).error(), cases_->Raise(foreign, unknown_raise).error());

  intake::v1::CloseCaseRequest close;
  close.set_request_id("k1");
  close.set_case_id(case_id);
  close.set_outcome(codes::v1::CASE_OUTCOME_RESOLVED);
  close.set_etag("1");
  intake::v1::CloseCaseRequest unknown_close = close;
  unknown_close.set_case_id("none");
  const auto refused = cases_->Close(foreign, close);
  EXPECT_EQ(refused.error(), cases_->Close(foreign, unknown_close).error());
  EXPECT_EQ(refused.error().code, core::Errc::kNotFound);
  EXPECT_EQ(Count("case_file WHERE state = 1 AND version = 1"), 1);
  EXPECT_EQ(cases_->List(foreign, {})->cases_size(), 0);
}

TEST_F(AccessTest, OnlyServicesReadACaseForAReferral) {
  const auto receipt = Accepted(kSchool, ReportOf("r1", "code-1"));
  intake::v1::GetCaseForReferralRequest request;
  request.set_case_id(CaseOf(receipt.report_id()));
  request.set_recipient_id(kPolice);
  EXPECT_EQ(cases_->ShowForReferral(CallBy(kPolice), request).error().code, core::Errc::kDenied);
  const auto answer = cases_->ShowForReferral(CallByService("referral-routing"), request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->case_file().people(0).given_name(), "Planted-given");
  EXPECT_EQ(answer->case_file().reports(0).description(), "planted-text of what happened");
}

TEST_F(AccessTest, NobodyElseLearnsWhoReported) {
  intake::v1::ReportConcernRequest request = ReportOf("r1", "code-1");
  intake::v1::ReportedPerson& reporter = *request.add_people();
  reporter.set_role(codes::v1::PERSON_ROLE_REPORTER);
  reporter.set_given_name("Hidden-reporter");
  Identify(reporter, "code-reporter");
  const auto receipt = Accepted(kOtherSchool, request);
  const std::string case_id = CaseOf(receipt.report_id());
  intake::v1::GetCaseForReferralRequest for_referral;
  for_referral.set_case_id(case_id);
  for_referral.set_recipient_id(kPolice);
  const std::vector<std::string> answers{
      Read(kSchool, case_id).SerializeAsString(), cases_->List(CallBy(kSchool), {})->SerializeAsString(),
      cases_->ShowForReferral(CallByService("referral-routing"), for_referral)->SerializeAsString()};
  for (const std::string& answer : answers) {
    EXPECT_THAT(answer, HasSubstr(case_id));
    EXPECT_THAT(answer, Not(HasSubstr(kOtherSchool)));
    EXPECT_THAT(answer, Not(HasSubstr("Hidden-reporter")));
  }
}

TEST_F(AccessTest, NothingPlantedIsReadableInTheDatabase) {
  intake::v1::ReportConcernRequest request = ReportOf("r1", "planted-code");
  request.mutable_people(0)->set_contact("planted-contact");
  request.mutable_people(0)->set_school_id("planted school");
  request.mutable_people(0)->set_residence_municipality("planted street");
  request.set_place_institution_id("planted place");
  request.set_place_municipality("planted town");
  const auto first = Accepted(kSchool, request);
  vault_.SetDown(true);
  request.set_request_id("r2");
  Accepted(kSchool, request);
  Read(kSocialService, CaseOf(first.report_id()));

  for (const char* table : {"case_file", "report", "held_person", "note", "case_referral", "outbox", "idempotency"}) {
    // Columns of bytes are printed as hex: look for the text both ways.
    const auto rows = database_->Query(std::string("SELECT t::text FROM ") + table + " t");
    ASSERT_TRUE(rows) << table;
    for (const postgres::Row row : *rows) {
      for (const std::string planted : {"lanted-", "lanted "}) {
        EXPECT_THAT(row.Text(0), Not(HasSubstr(planted))) << table;
        EXPECT_THAT(row.Text(0), Not(HasSubstr(crypto::ToHex(planted)))) << table;
      }
    }
  }
}

TEST_F(AccessTest, EveryAnsweredCallAndEveryRefusalLeavesOneRecord) {
  const auto receipt = Accepted(kSchool, ReportOf("r1", "code-1"));
  const std::string case_id = CaseOf(receipt.report_id());
  Read(kSchool, case_id);
  EXPECT_TRUE(reports_->Show(CallBy(kSchool), ReportRequest(receipt.report_id())));
  EXPECT_TRUE(cases_->List(CallBy(kSchool), {}));
  EXPECT_FALSE(cases_->Show(CallBy(kOtherSchool), CaseRequest(case_id)));
  const auto records = PublishedOf<audit::v1::AuditRecorded>();
  ASSERT_EQ(records.size(), 5u);
  EXPECT_EQ(records[0].action(), audit::v1::AUDIT_ACTION_WRITE);
  for (std::size_t i = 1; i < records.size(); ++i) EXPECT_EQ(records[i].action(), audit::v1::AUDIT_ACTION_READ);
  EXPECT_TRUE(records[3].allowed());
  EXPECT_FALSE(records[4].allowed());
  EXPECT_EQ(records[4].institution_id(), kOtherSchool);
}

TEST_F(AccessTest, NothingHappensWithoutItsAuditRecord) {
  const auto receipt = Accepted(kSchool, ReportOf("r1", "code-1"));
  const auto before = Count("outbox");
  ASSERT_TRUE(database_->Query("ALTER TABLE outbox ADD CHECK (topic <> 'tilts.audit.v1') NOT VALID"));
  EXPECT_FALSE(cases_->Show(CallBy(kSchool), CaseRequest(CaseOf(receipt.report_id()))));
  EXPECT_FALSE(reports_->Accept(CallBy(kSchool), ReportOf("r2", "code-2")));
  EXPECT_EQ(Count("report"), 1);
  EXPECT_EQ(Count("case_file"), 1);
  EXPECT_EQ(Count("outbox"), before);
}

TEST_F(AccessTest, ListsTheCoordinatorsCasesInPages) {
  for (int i = 0; i < 5; ++i) {
    Accepted(kSchool, ReportOf("r" + std::to_string(i), "code-" + std::to_string(i)));
    clock_.Advance(std::chrono::seconds(i % 2));
  }
  std::set<std::string> seen;
  intake::v1::ListCasesRequest request;
  request.set_page_size(2);
  int pages = 0;
  do {
    const auto page = cases_->List(CallBy(kSchool), request);
    ASSERT_TRUE(page);
    for (const intake::v1::Case& found : page->cases()) EXPECT_TRUE(seen.insert(found.case_id()).second);
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_EQ(pages, 3);
  request.set_page_token("not ours");
  EXPECT_EQ(cases_->List(CallBy(kSchool), request).error().code, core::Errc::kInvalid);
}

}  // namespace
}  // namespace tilts::case_intake::testing
