#include <gmock/gmock.h>

#include <future>
#include <thread>

#include "register_test.hpp"

namespace tilts::case_intake::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

class ReportOnceTest : public RegisterTest {};

TEST_F(ReportOnceTest, ConcurrentFirstReportsOfOneChildMakeOneCase) {
  constexpr int kReporters = 8;
  std::vector<std::thread> threads;
  std::vector<std::string> reasons(kReporters);
  for (int i = 0; i < kReporters; ++i) {
    threads.emplace_back([&, i] {
      const auto answer = reports_->Accept(CallBy(kSchool), ReportOf("r" + std::to_string(i), "code-1"));
      if (!answer) reasons[static_cast<std::size_t>(i)] = answer.error().reason + answer.error().message;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(reasons, Each(""));
  EXPECT_EQ(Count("case_file"), 1);
  EXPECT_EQ(Count("report"), kReporters);
  EXPECT_EQ(PublishedOf<cases::v1::CaseOpened>().size(), 1u);
  EXPECT_EQ(PublishedOf<cases::v1::ReportAttached>().size(), kReporters - 1u);
  std::vector<std::uint64_t> sequences;
  for (const events::v1::Envelope& envelope : Published()) {
    if (envelope.sequence() > 0) sequences.push_back(envelope.sequence());
  }
  EXPECT_THAT(sequences, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
}

TEST_F(ReportOnceTest, AnswersTheSameWhenTheRequestIsRepeated) {
  const auto first = Accepted(kSchool, ReportOf("r1", "code-1"));
  const std::size_t asked = vault_.resolves();
  clock_.Advance(std::chrono::hours(2));
  const auto second = Accepted(kSchool, ReportOf("r1", "code-1"));
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(vault_.resolves(), asked);
  EXPECT_EQ(Count("report"), 1);
  EXPECT_EQ(PublishedOf<cases::v1::CaseOpened>().size(), 1u);
  // Each call leaves its record.
  const auto records = PublishedOf<audit::v1::AuditRecorded>();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1].decision_reason(), "REPLAY");
}

TEST_F(ReportOnceTest, RefusesTheSameRequestIdWithAnotherBody) {
  Accepted(kSchool, ReportOf("r1", "code-1"));
  intake::v1::ReportConcernRequest other = ReportOf("r1", "code-1");
  other.set_description("something else");
  const auto answer = reports_->Accept(CallBy(kSchool), other);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, "IDEMPOTENCY_BODY");
  // Another institution's request ids are its own.
  EXPECT_TRUE(reports_->Accept(CallBy(kOtherSchool), other));
}

TEST_F(ReportOnceTest, SaysSoWhenTheSameRequestIsBeingWorkedOn) {
  vault_.HoldResolve();
  std::thread first([&] { Accepted(kSchool, ReportOf("r1", "code-1")); });
  vault_.AwaitHeld();
  auto asked =
      std::async(std::launch::async, [&] { return reports_->Accept(CallBy(kSchool), ReportOf("r1", "code-1")); });
  EXPECT_EQ(asked.wait_for(std::chrono::seconds(10)), std::future_status::ready) << "not told before the first is done";
  vault_.Release();
  first.join();
  const auto second = asked.get();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, "IDEMPOTENCY_IN_FLIGHT");
  EXPECT_EQ(second.error().code, core::Errc::kConflict);
  EXPECT_EQ(Count("report"), 1);
}

TEST_F(ReportOnceTest, TakesASourceEventOnceUnderAnyRequestId) {
  intake::v1::ReportConcernRequest request = ReportOf("r1", "code-1");
  request.set_source_event_id("event-77");
  const auto first = Accepted(kSchool, request);
  request.set_request_id("r2");
  const auto second = Accepted(kSchool, request);
  EXPECT_EQ(first.report_id(), second.report_id());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  request.set_request_id("r3");
  request.set_description("another text");
  const auto third = reports_->Accept(CallBy(kSchool), request);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().reason, "IDEMPOTENCY_BODY");
  request.set_request_id("r4");
  EXPECT_NE(Accepted(kOtherSchool, request).report_id(), first.report_id());
  EXPECT_EQ(Count("report"), 2);
}

TEST_F(ReportOnceTest, GivesTheSameReceiptWhetherACaseWasOpenedOrJoined) {
  const auto opened = Accepted(kSchool, ReportOf("r1", "code-1"));
  const auto joined = Accepted(kOtherSchool, ReportOf("r2", "code-1"));
  EXPECT_EQ(Count("case_file"), 1);
  intake::v1::ReportConcernResponse expected = opened;
  expected.set_report_id(joined.report_id());
  EXPECT_EQ(joined.SerializeAsString(), expected.SerializeAsString());
}

TEST_F(ReportOnceTest, SaysWhomToCallOnlyByWhatThisReportSays) {
  intake::v1::ReportConcernRequest grave = ReportOf("r1", "code-1");
  grave.add_aggravating(codes::v1::AGGRAVATING_FACT_WEAPON);
  const auto imminent = Accepted(kSchool, grave);
  EXPECT_THAT(imminent.emergency_instruction(),
              ::testing::AllOf(::testing::HasSubstr("112"), ::testing::HasSubstr("110")));
  EXPECT_EQ(Accepted(kOtherSchool, ReportOf("r2", "code-1")).emergency_instruction(), "");
}

TEST_F(ReportOnceTest, AcceptsAnEmptyReportAndRefusesOneWithoutARequestId) {
  intake::v1::ReportConcernRequest empty;
  empty.set_request_id("r1");
  EXPECT_GT(Accepted(kSchool, empty).warnings_size(), 3);
  const auto answer = reports_->Accept(CallBy(kSchool), {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, core::Errc::kInvalid);
  EXPECT_EQ(answer.error().violations.at(0).field, "request_id");
}

TEST_F(ReportOnceTest, KeepsTheStreamsOfOneChildApart) {
  const auto violence = Accepted(kSchool, ReportOf("r1", "code-1"));
  intake::v1::ReportConcernRequest schooling = ReportOf("r2", "code-1");
  schooling.set_stream(codes::v1::STREAM_PMP);
  schooling.clear_concerns();
  schooling.add_concerns(codes::v1::CONCERN_CODE_FAILING);
  schooling.mutable_people(0)->set_role(codes::v1::PERSON_ROLE_SUBJECT);
  const auto pmp = Accepted(kSchool, schooling);
  const std::string case_id = CaseOf(pmp.report_id());
  ASSERT_NE(case_id, CaseOf(violence.report_id()));
  const intake::v1::Case seen = Read(kSchool, case_id);
  EXPECT_TRUE(seen.other_file_exists());
  EXPECT_THAT(seen.facts().concerns(), ElementsAre(codes::v1::CONCERN_CODE_FAILING));
  for (const events::v1::Envelope& envelope : Published()) {
    if (envelope.subject() != case_id) continue;
    EXPECT_EQ(envelope.purpose(), codes::v1::PURPOSE_PMP);
  }
}

}  // namespace
}  // namespace tilts::case_intake::testing
