#include <gmock/gmock.h>

#include "fact_fixture.hpp"

namespace tilts::case_intake::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using FactPushTest = FactTest;

TEST_F(FactPushTest, ADaysAttendanceIsOnTheLogWhenItIsAnswered) {
  const auto first = Accept({EnrolmentFrom("2025-09-01"), AttendanceOn("2026-02-27", kNumber, 1, 3)});
  EXPECT_EQ(first.results(1).event_id(), "event-2026-02-27");
  EXPECT_EQ(first.results(1).record_id().size(), 32u);
  EXPECT_THAT(WarningsOf(first.results(1)), IsEmpty());
  const auto events = EventsOn<facts::v1::AttendanceRecorded>(kLearning);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].pupil_id(), vault_.WhoHas(kSchool, kNumber));
  EXPECT_EQ(events[0].day(), DayOf(calendar::ParseDate("2026-02-27").value()));
  EXPECT_EQ(events[0].absent_unexcused(), 3u);
  EXPECT_EQ(events[0].stamp().institution_id(), kSchool);
  EXPECT_EQ(events[0].stamp().record_id().size(), 16u);
}

TEST_F(FactPushTest, TheSameFactTwiceIsTheSameRecord) {
  Accept({EnrolmentFrom("2025-09-01")});
  const auto first = Accept({AttendanceOn("2026-02-27")});
  const auto second = Accept({AttendanceOn("2026-02-27")});
  const auto other_spelling = Accept({AttendanceOn("2026-02-27", "pn 4711")});
  const auto other_day = Accept({AttendanceOn("2026-02-26")});
  EXPECT_EQ(first.results(0).record_id(), second.results(0).record_id());
  EXPECT_EQ(first.results(0).record_id(), other_spelling.results(0).record_id());
  EXPECT_NE(first.results(0).record_id(), other_day.results(0).record_id());
}

TEST_F(FactPushTest, AsksForTheNumbersOfABatchOnceAndThenNoMore) {
  Accept({EnrolmentFrom("2025-09-01"), EnrolmentFrom("2025-09-01", "PN-2", "020304-12345")});
  numbers_->calls = 0;
  Accept({AttendanceOn("2026-02-26"), AttendanceOn("2026-02-27"), AttendanceOn("2026-02-27", "PN-2")});
  EXPECT_EQ(numbers_->calls, 1);
  Accept({AttendanceOn("2026-02-25"), AttendanceOn("2026-02-25", "PN-2")});
  EXPECT_EQ(numbers_->calls, 1);
}

TEST_F(FactPushTest, GoesOnWithTheNumbersItKnowsWhileTheRegistryIsDown) {
  Accept({EnrolmentFrom("2025-09-01"), AttendanceOn("2026-02-26")});
  numbers_->down = true;
  const auto response = Push({AttendanceOn("2026-02-27"), AttendanceOn("2026-02-27", "PN-NEW")});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->results(0).status(), intake::v1::FACT_STATUS_ACCEPTED);
  EXPECT_EQ(response->results(1).status(), intake::v1::FACT_STATUS_HELD);
  EXPECT_THAT(WarningsOf(response->results(1)), ElementsAre("VAULT_UNAVAILABLE"));
}

TEST_F(FactPushTest, RefusesWhatIsWrongAloneWithItsPath) {
  intake::v1::Fact nothing;
  nothing.set_pupil_number(kNumber);
  nothing.set_revision(1);
  intake::v1::Fact future = AttendanceOn("2026-03-05");
  intake::v1::Fact sum = AttendanceOn("2026-02-27", kNumber, 1, 8);
  Accept({EnrolmentFrom("2025-09-01")});
  const auto response =
      Push({future, AttendanceOn("2026-02-27"), sum, AttendanceOn("2026-02-26", kNumber, 0), nothing});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->accepted(), 1u);
  EXPECT_EQ(response->refused(), 4u);
  EXPECT_EQ(response->results(0).violations(0).field(), "facts[0].attendance.day");
  EXPECT_EQ(response->results(0).violations(0).code(), "DAY_IN_FUTURE");
  EXPECT_EQ(response->results(1).status(), intake::v1::FACT_STATUS_ACCEPTED);
  EXPECT_EQ(response->results(2).violations(0).code(), "LESSONS_SUM");
  EXPECT_EQ(response->results(3).violations(0).field(), "facts[3].revision");
  EXPECT_EQ(response->results(3).violations(0).code(), "REVISION_RANGE");
  EXPECT_EQ(response->results(4).violations(0).code(), "KIND_MISSING");
  EXPECT_EQ(EventsOn<facts::v1::AttendanceRecorded>(kLearning).size(), 1u);
}

TEST_F(FactPushTest, RefusesABatchThatIsTooLargeAsAWhole) {
  const auto response = Push(std::vector<intake::v1::Fact>(1'001, AttendanceOn("2026-02-27")));
  ASSERT_FALSE(response);
  ASSERT_EQ(response.error().violations.size(), 1u);
  EXPECT_EQ(response.error().violations[0].code, "BATCH_TOO_LARGE");
  EXPECT_EQ(Push({}).error().violations.at(0).code, "BATCH_EMPTY");
}

TEST_F(FactPushTest, WarnsOfWhatIsDoubtful) {
  Accept({EnrolmentFrom("2026-01-05")});
  const auto response =
      Accept({AttendanceOn("2026-02-28"), AttendanceOn("2025-11-20"), AttendanceOn("2026-02-28", kNumber, 1, 2)});
  EXPECT_THAT(WarningsOf(response.results(0)), ElementsAre("DAY_NOT_A_SCHOOL_DAY"));
  EXPECT_EQ(response.results(0).warnings(0).field(), "facts[0].attendance.day");
  EXPECT_THAT(WarningsOf(response.results(1)), ElementsAre("NOT_ENROLLED_HERE"));
  EXPECT_THAT(WarningsOf(response.results(2)), Contains("SAME_RECORD_TWICE"));
}

TEST_F(FactPushTest, NothingIsClaimedWhileTheBrokerIsDown) {
  Accept({EnrolmentFrom("2025-09-01")});
  broker_.broker_down = true;
  const auto response = Push({AttendanceOn("2026-02-27")});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, core::Errc::kUnavailable);
  EXPECT_EQ(EventsOn<facts::v1::AttendanceRecorded>(kLearning).size(), 0u);
  broker_.broker_down = false;
  Accept({AttendanceOn("2026-02-27")});
  EXPECT_EQ(EventsOn<facts::v1::AttendanceRecorded>(kLearning).size(), 1u);
}

TEST_F(FactPushTest, ACallLeavesOneAuditRecordWithCounts) {
  ASSERT_TRUE(Push({EnrolmentFrom("2025-09-01"), AttendanceOn("2026-02-27"), AttendanceOn("2026-02-27", "PN-NEW"),
                    AttendanceOn("never")}));
  const auto records = EventsOn<audit::v1::AuditRecorded>(kAudit);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].chain_id(), "case-intake.facts");
  EXPECT_EQ(records[0].institution_id(), kSchool);
  EXPECT_THAT(records[0].object_ids(), ElementsAre("facts-accepted/2", "facts-held/1", "facts-refused/1"));
}

TEST_F(FactPushTest, SupportFactsCarryTheStatisticsIdAndNothingThatLinks) {
  Accept({EnrolmentFrom("2025-09-01")});
  const auto response = Accept({ConsultationOn("2026-02-27", "K-77")});
  EXPECT_EQ(response.results(0).record_id().size(), 32u);
  const auto envelopes = OnTopic(kSupport);
  ASSERT_EQ(envelopes.size(), 1u);
  EXPECT_EQ(envelopes[0].causation_id(), "");
  EXPECT_EQ(envelopes[0].traceparent(), "");
  EXPECT_EQ(envelopes[0].correlation_id(), envelopes[0].id());
  EXPECT_NE(envelopes[0].recorded_at().seconds() % 3600, clock_.Now().time_since_epoch().count() / 1'000'000 % 3600);
  facts::v1::ConsultationRecorded event;
  ASSERT_TRUE(event.ParseFromString(envelopes[0].data()));
  EXPECT_NE(event.statistics_id(), vault_.WhoHas(kSchool, kNumber));
  EXPECT_EQ(event.stage(), codes::v1::EDUCATION_STAGE_BASIC);
  EXPECT_EQ(event.grade(), 7u);
}

TEST_F(FactPushTest, AWithdrawnFactTellsItsKeyOnly) {
  Accept({EnrolmentFrom("2025-09-01"), AttendanceOn("2026-02-27", kNumber, 1, 4)});
  intake::v1::Fact taken_back = AttendanceOn("2026-02-27", kNumber, 2, 9);
  taken_back.set_withdrawn(true);
  Accept({taken_back});
  const auto events = EventsOn<facts::v1::AttendanceRecorded>(kLearning);
  ASSERT_EQ(events.size(), 2u);
  const auto& last = events[0].stamp().revision() == 2 ? events[0] : events[1];
  EXPECT_TRUE(last.stamp().withdrawn());
  EXPECT_EQ(last.absent_unexcused(), 0u);
  EXPECT_EQ(events[0].stamp().record_id(), events[1].stamp().record_id());
}

TEST_F(FactPushTest, LooksUpOwnPupilsAndAuditsTheRead) {
  Accept({EnrolmentFrom("2025-09-01")});
  intake::v1::LookUpPupilsRequest request;
  request.add_pupil_numbers(kNumber);
  request.add_pupil_numbers("PN-NOBODY");
  const auto own = desk_->LookUp(CallBy(kSchool), request);
  ASSERT_TRUE(own);
  EXPECT_THAT(own->pupil_ids(), ElementsAre(vault_.WhoHas(kSchool, kNumber), ""));
  const auto foreign = desk_->LookUp(CallBy(kOtherSchool), request);
  ASSERT_TRUE(foreign);
  EXPECT_THAT(foreign->pupil_ids(), ElementsAre("", ""));
  EXPECT_EQ(PublishedOf<audit::v1::AuditRecorded>().size(), 2u);
}

}  // namespace
}  // namespace tilts::case_intake::testing
