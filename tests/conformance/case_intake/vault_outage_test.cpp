#include <gmock/gmock.h>

#include <thread>

#include "register_test.hpp"
#include "testing/wait_for.hpp"

namespace tilts::case_intake::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class VaultOutageTest : public RegisterTest {
 protected:
  template <typename Answer>
  static std::vector<std::string> CodesOf(const Answer& answer) {
    std::vector<std::string> codes;
    for (const intake::v1::Warning& warning : answer) codes.push_back(warning.code());
    return codes;
  }

  void FinishHeld() {
    vault_.SetDown(false);
    clock_.Advance(std::chrono::seconds(10));
    const auto finished = worker_->WorkOnce();
    ASSERT_TRUE(finished) << finished.error().message;
  }
};

TEST_F(VaultOutageTest, AcceptsTheReportSealedAndCompletesItLater) {
  vault_.SetDown(true);
  const auto receipt = Accepted(kOtherSchool, ReportOf("r1", "code-1"));
  EXPECT_THAT(CodesOf(receipt.warnings()), ElementsAre("VAULT_UNAVAILABLE"));
  const std::string case_id = CaseOf(receipt.report_id());
  EXPECT_FALSE(PublishedOf<cases::v1::CaseOpened>().at(0).facts().subject_known());
  // Who has to act knows the child even now.
  const intake::v1::Case meanwhile = Read(kSchool, case_id);
  ASSERT_EQ(meanwhile.people_size(), 1);
  EXPECT_EQ(meanwhile.people(0).given_name(), "Planted-given");
  EXPECT_EQ(meanwhile.reports(0).description(), "planted-text of what happened");

  FinishHeld();
  EXPECT_EQ(Count("held_person"), 0);
  EXPECT_EQ(Count("note WHERE person_id IS NULL"), 0);
  EXPECT_EQ(Count("report WHERE vault_due_at IS NOT NULL"), 0);
  const auto changed = PublishedOf<cases::v1::CaseFactsChanged>();
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_TRUE(changed[0].facts().subject_known());
  EXPECT_FALSE(changed[0].subject_person_id().empty());
  const intake::v1::Case after = Read(kSchool, case_id);
  EXPECT_EQ(after.people(0).person_id(), changed[0].subject_person_id());
  EXPECT_EQ(after.people(0).given_name(), "Planted-given");
  EXPECT_EQ(after.reports(0).description(), "planted-text of what happened");
  intake::v1::GetReportRequest request;
  request.set_report_id(receipt.report_id());
  EXPECT_THAT(CodesOf(reports_->Show(CallBy(kOtherSchool), request)->warnings()), IsEmpty());
}

TEST_F(VaultOutageTest, WaitsLongerEachTimeByTheCityClock) {
  vault_.SetDown(true);
  Accepted(kSchool, ReportOf("r1", "code-1"));
  const auto before = CountForVault(*database_, clock_.Now());
  ASSERT_TRUE(before);
  EXPECT_EQ(before->due_now, 0u);
  EXPECT_EQ(before->next_due_at, clock_.Now() + std::chrono::seconds(5));
  clock_.Advance(std::chrono::seconds(5));
  EXPECT_EQ(CountForVault(*database_, clock_.Now())->due_now, 1u);
  ASSERT_TRUE(worker_->WorkOnce());
  const auto after = CountForVault(*database_, clock_.Now());
  EXPECT_EQ(after->due_now, 0u);
  EXPECT_EQ(after->next_due_at, clock_.Now() + std::chrono::seconds(10));
}

TEST_F(VaultOutageTest, MergesIntoTheOpenCaseOfTheChildThatBecameKnown) {
  const auto first = Accepted(kSchool, ReportOf("r1", "code-1"));
  vault_.SetDown(true);
  intake::v1::ReportConcernRequest grave = ReportOf("r2", "code-1");
  grave.add_aggravating(codes::v1::AGGRAVATING_FACT_REPEATED);
  const auto second = Accepted(kOtherSchool, grave);
  const std::string target = CaseOf(first.report_id());
  const std::string source = CaseOf(second.report_id());
  ASSERT_NE(source, target);
  FinishHeld();
  EXPECT_EQ(CaseOf(second.report_id()), target);
  EXPECT_EQ(Count("case_file WHERE state IN (1, 2, 3)"), 1);
  const auto states = PublishedOf<cases::v1::CaseStateChanged>();
  ASSERT_EQ(states.size(), 1u);
  EXPECT_EQ(states[0].case_id(), source);
  EXPECT_EQ(states[0].state(), codes::v1::CASE_STATE_MERGED);
  EXPECT_EQ(states[0].merged_into_case_id(), target);
  const auto attached = PublishedOf<cases::v1::ReportAttached>();
  ASSERT_EQ(attached.size(), 1u);
  EXPECT_EQ(attached[0].report_id(), second.report_id());
  EXPECT_EQ(attached[0].facts().level(), 2u);
  EXPECT_EQ(Read(kSchool, target).reports_size(), 2);
}

TEST_F(VaultOutageTest, FinishesOnceWhenTwoInstancesWork) {
  vault_.SetDown(true);
  Accepted(kSchool, ReportOf("r1", "code-1"));
  vault_.SetDown(false);
  clock_.Advance(std::chrono::seconds(10));
  HeldWorker other(*office_, clock_, std::chrono::milliseconds(10));
  ASSERT_TRUE(worker_->WorkOnce());
  ASSERT_TRUE(other.WorkOnce());
  EXPECT_EQ(PublishedOf<cases::v1::CaseFactsChanged>().size(), 1u);
  EXPECT_EQ(vault_.persons(), 1u);
}

TEST_F(VaultOutageTest, FinishesOnceWhenTwoInstancesWorkAtTheSameTime) {
  vault_.SetDown(true);
  Accepted(kSchool, ReportOf("r1", "code-1"));
  vault_.SetDown(false);
  clock_.Advance(std::chrono::seconds(10));
  const std::size_t records = PublishedOf<audit::v1::AuditRecorded>().size();
  const std::size_t asked = vault_.resolves();
  HeldWorker other(*office_, clock_, std::chrono::milliseconds(10));
  vault_.HoldResolve();
  std::thread first([&] { EXPECT_TRUE(worker_->WorkOnce()); });
  std::thread second([&] { EXPECT_TRUE(other.WorkOnce()); });
  EXPECT_TRUE(
      tilts::testing::WaitFor([&] { return vault_.resolves() == asked + 2; }, std::chrono::milliseconds(10'000)));
  vault_.Release();
  first.join();
  second.join();
  EXPECT_EQ(PublishedOf<cases::v1::CaseFactsChanged>().size(), 1u);
  EXPECT_EQ(PublishedOf<audit::v1::AuditRecorded>().size(), records + 1);
  EXPECT_EQ(Count("report WHERE vault_due_at IS NOT NULL"), 0);
}

TEST_F(VaultOutageTest, CompletesAHeldReportThatItsSenderCompletesMeanwhile) {
  vault_.SetDown(true);
  const auto receipt = Accepted(kOtherSchool, ReportOf("r1", "code-1"));
  intake::v1::CompleteReportRequest completion;
  completion.set_request_id("c1");
  completion.set_report_id(receipt.report_id());
  completion.set_description("planted-text, second part");
  completion.add_aggravating(codes::v1::AGGRAVATING_FACT_GROUP);
  const auto answer = reports_->Complete(CallBy(kOtherSchool), completion);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(CodesOf(answer->warnings()), Contains("VAULT_UNAVAILABLE"));
  FinishHeld();
  const intake::v1::Case seen = Read(kSchool, CaseOf(receipt.report_id()));
  EXPECT_EQ(seen.reports(0).description(), "planted-text of what happened\n\nplanted-text, second part");
  EXPECT_EQ(seen.facts().level(), 2u);
  EXPECT_TRUE(seen.facts().subject_known());
  EXPECT_EQ(seen.people_size(), 1);
}

TEST_F(VaultOutageTest, ReadsAnErasedPersonsTextsAsErasedAndKeepsTheCounts) {
  const auto receipt = Accepted(kSchool, ReportOf("r1", "code-1"));
  const std::string case_id = CaseOf(receipt.report_id());
  vault_.Erase(Read(kSchool, case_id).people(0).person_id());
  const intake::v1::Case seen = Read(kSchool, case_id);
  EXPECT_EQ(seen.people(0).given_name(), "");
  EXPECT_EQ(seen.reports(0).description(), "");
  EXPECT_THAT(CodesOf(seen.notices()), ElementsAre("PERSON_ERASED", "NOTE_ERASED"));
  EXPECT_EQ(seen.reports_size(), 1);
  EXPECT_EQ(Count("case_file"), 1);
  EXPECT_EQ(Count("note"), 1);
}

TEST_F(VaultOutageTest, HandsTheCaseToTheSchoolAsSoonAsTheListOfInstitutionsIsThere) {
  const Institutions city = rules_->Current()->institutions;
  rules_->UseInstitutions({});
  const auto receipt = Accepted(kSchool, ReportOf("r1", "code-1"));
  EXPECT_THAT(CodesOf(receipt.warnings()), ElementsAre("SCHOOL_UNCHECKED"));
  const std::string case_id = CaseOf(receipt.report_id());
  EXPECT_EQ(PublishedOf<cases::v1::CaseOpened>().at(0).facts().coordinator_id(), kSocialService);
  // Looked at in vain: it is due all the same, by a city clock that stands still.
  EXPECT_EQ(worker_->WorkOnce(), 0u);
  rules_->UseInstitutions(city);
  EXPECT_EQ(worker_->WorkOnce(), 1u);
  const auto changed = PublishedOf<cases::v1::CaseFactsChanged>();
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].facts().coordinator_id(), kSchool);
  EXPECT_EQ(changed[0].facts().school_id(), kSchool);
  EXPECT_EQ(Read(kSchool, case_id).reports_size(), 1);
  intake::v1::GetCaseRequest request;
  request.set_case_id(case_id);
  EXPECT_EQ(cases_->Show(CallBy(kSocialService), request).error().code, core::Errc::kNotFound);
  EXPECT_EQ(Count("report WHERE vault_due_at IS NOT NULL"), 0);
}

TEST_F(VaultOutageTest, WrapsTheTextLaterWhenOnlyThatFailed) {
  vault_.SetWrapDown(true);
  const auto receipt = Accepted(kSchool, ReportOf("r1", "code-1"));
  EXPECT_EQ(receipt.warnings_size(), 0);
  EXPECT_EQ(Count("note WHERE person_id IS NULL"), 1);
  vault_.SetWrapDown(false);
  FinishHeld();
  EXPECT_EQ(Count("note WHERE person_id IS NULL"), 0);
  EXPECT_EQ(PublishedOf<cases::v1::CaseFactsChanged>().size(), 0u);
  EXPECT_EQ(Read(kSchool, CaseOf(receipt.report_id())).reports(0).description(), "planted-text of what happened");
}

TEST_F(VaultOutageTest, ThrowsAwayATextWhoseChildWasErasedBeforeItCouldBeWrapped) {
  vault_.SetWrapDown(true);
  const auto receipt = Accepted(kSchool, ReportOf("r1", "code-1"));
  const std::string case_id = CaseOf(receipt.report_id());
  vault_.Erase(Read(kSchool, case_id).people(0).person_id());
  FinishHeld();
  EXPECT_EQ(Count("report WHERE vault_due_at IS NOT NULL"), 0);
  EXPECT_EQ(Count("note WHERE wrapped_key = ''"), 1);
  const intake::v1::Case seen = Read(kSchool, case_id);
  EXPECT_EQ(seen.reports(0).description(), "");
  EXPECT_THAT(CodesOf(seen.notices()), ElementsAre("PERSON_ERASED", "NOTE_ERASED"));
}

TEST_F(VaultOutageTest, ShowsACaseWithoutNamesAndSaysWhyWhenTheVaultIsDown) {
  const auto receipt = Accepted(kSchool, ReportOf("r1", "code-1"));
  vault_.SetDown(true);
  const intake::v1::Case seen = Read(kSchool, CaseOf(receipt.report_id()));
  EXPECT_EQ(seen.people_size(), 1);
  EXPECT_EQ(seen.people(0).given_name(), "");
  EXPECT_THAT(CodesOf(seen.notices()), ElementsAre("VAULT_UNAVAILABLE", "VAULT_UNAVAILABLE"));
}

}  // namespace
}  // namespace tilts::case_intake::testing
