#include <gmock/gmock.h>

#include "fact_fixture.hpp"

namespace tilts::case_intake::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class EnrolmentTest : public FactTest {
 protected:
  static intake::v1::PushRosterRequest RosterOn(const std::string& day, const std::vector<std::string>& numbers,
                                                const std::string& request_id = {}) {
    intake::v1::PushRosterRequest roster;
    roster.set_request_id(request_id.empty() ? "roster-" + day : request_id);
    roster.set_day(day);
    for (const std::string& number : numbers) {
      intake::v1::RosterEntry& entry = *roster.add_pupils();
      entry.set_pupil_number(number);
      entry.set_grade(7);
      Identify(*entry.mutable_person(), "code of " + number);
    }
    return roster;
  }
  intake::v1::PushRosterResponse Roll(const intake::v1::PushRosterRequest& roster) {
    const auto response = rosters_->Push(CallBy(kSchool), roster);
    EXPECT_TRUE(response) << response.error().reason << ": " << response.error().message;
    return response ? *response : intake::v1::PushRosterResponse();
  }
  std::vector<facts::v1::EnrolmentRecorded> Recorded() { return PublishedOf<facts::v1::EnrolmentRecorded>(); }
  static Day On(const char* day) { return DayOf(calendar::ParseDate(day).value()); }
};

TEST_F(EnrolmentTest, StandsInTheTableAndOnItsWayToTheLogTogether) {
  Accept({EnrolmentFrom("2025-09-01")});
  EXPECT_EQ(Count("enrolment WHERE stage = 1 AND grade = 7 AND to_day = 0"), 1);
  const auto events = Recorded();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].pupil_id(), vault_.WhoHas(kSchool, kNumber));
  EXPECT_EQ(events[0].from_day(), On("2025-09-01"));
  RelayOutbox();
  EXPECT_EQ(EventsOn<facts::v1::EnrolmentRecorded>(kLearning).size(), 1u);
}

TEST_F(EnrolmentTest, IsNotLostWhenTheBrokerIsDownAfterTheRowWasWritten) {
  broker_.broker_down = true;
  EXPECT_FALSE(Push({EnrolmentFrom("2025-09-01")}));
  broker_.broker_down = false;
  Accept({EnrolmentFrom("2025-09-01")});
  EXPECT_EQ(Count("enrolment"), 1);
  EXPECT_EQ(vault_.persons(), 1u);
  RelayOutbox();
  const auto events = EventsOn<facts::v1::EnrolmentRecorded>(kLearning);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].stamp().revision(), 1u);
}

TEST_F(EnrolmentTest, AnEndIsARevisionOfTheSameRecord) {
  const auto began = Accept({EnrolmentFrom("2025-09-01")});
  intake::v1::Fact end = EnrolmentFrom("2025-09-01", kNumber, kCode, 2);
  end.mutable_enrolment()->set_to("2026-02-20");
  end.mutable_enrolment()->set_end_reason(codes::v1::ENROLMENT_END_REASON_TRANSFER);
  const auto ended = Accept({end});
  EXPECT_EQ(began.results(0).record_id(), ended.results(0).record_id());
  EXPECT_EQ(Recorded().back().to_day(), On("2026-02-20"));
  EXPECT_THAT(WarningsOf(Accept({AttendanceOn("2026-02-26")}).results(0)), ElementsAre("NOT_ENROLLED_HERE"));
  EXPECT_THAT(WarningsOf(Accept({AttendanceOn("2026-02-19")}).results(0)), IsEmpty());
  const auto late = Accept({EnrolmentFrom("2025-09-01")});
  EXPECT_THAT(WarningsOf(late.results(0)), ElementsAre("REVISION_NOT_GREATER"));
  EXPECT_EQ(Recorded().size(), 2u);
}

TEST_F(EnrolmentTest, ARosterStartsAndEndsWhatDiffers) {
  const auto first = Roll(RosterOn("2026-02-25", {"A-1", "A-2"}));
  EXPECT_EQ(first.started(), 2u);
  const auto second = Roll(RosterOn("2026-02-26", {"A-2", "A-3"}));
  EXPECT_EQ(second.started(), 1u);
  EXPECT_EQ(second.ended(), 1u);
  EXPECT_EQ(second.unchanged(), 1u);
  const auto events = Recorded();
  ASSERT_EQ(events.size(), 4u);
  for (const auto& event : events) {
    if (event.end_reason() != codes::v1::ENROLMENT_END_REASON_UNKNOWN) continue;
    EXPECT_EQ(event.pupil_id(), vault_.WhoHas(kSchool, "A-1"));
    EXPECT_EQ(event.to_day(), On("2026-02-25"));
    EXPECT_EQ(event.stamp().revision(), 2u);
  }
  Accept({AttendanceOn("2026-02-26", "A-3")});
}

TEST_F(EnrolmentTest, TheSameRosterAgainHasNoSecondEffect) {
  const auto roster = RosterOn("2026-02-25", {"A-1", "A-2"});
  EXPECT_EQ(Roll(roster).started(), 2u);
  const std::size_t asked = vault_.resolves();
  EXPECT_EQ(Roll(roster).started(), 2u);
  EXPECT_EQ(vault_.resolves(), asked);
  EXPECT_EQ(Recorded().size(), 2u);
  const auto other = rosters_->Push(CallBy(kSchool), RosterOn("2026-02-25", {"A-1"}));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().reason, "IDEMPOTENCY_BODY");
}

TEST_F(EnrolmentTest, AnOlderRosterUndoesNoLaterChange) {
  Roll(RosterOn("2026-02-25", {"A-1", "A-2"}));
  Roll(RosterOn("2026-02-27", {"A-1", "A-3"}));  // A-2 gone, A-3 new
  const auto older = Roll(RosterOn("2026-02-26", {"A-2"}));
  EXPECT_EQ(older.started() + older.ended() + older.changed(), 0u) << older.ShortDebugString();
  EXPECT_EQ(Count("enrolment WHERE to_day = 0"), 2);
}

TEST_F(EnrolmentTest, NobodyIsEndedWhenAnEntryCannotBeRead) {
  Roll(RosterOn("2026-02-25", {"A-1", "A-2"}));
  const auto response = Roll(RosterOn("2026-02-26", {"A-1", "?"}));
  EXPECT_EQ(response.ended(), 0u);
  ASSERT_EQ(response.violations_size(), 1);
  EXPECT_EQ(response.violations(0).field(), "pupils[1].pupil_number");
  ASSERT_EQ(response.warnings_size(), 1);
  EXPECT_EQ(response.warnings(0).code(), "ENDINGS_SKIPPED");
}

TEST_F(EnrolmentTest, AnEmptyRosterIsRefused) {
  const auto response = rosters_->Push(CallBy(kSchool), RosterOn("2026-02-25", {}));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().violations.at(0).code, "BATCH_EMPTY");
}

TEST_F(EnrolmentTest, ARosterSaysNothingWhileTheRegistryIsDown) {
  numbers_->down = true;
  const auto response = rosters_->Push(CallBy(kSchool), RosterOn("2026-02-25", {"A-1"}));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, core::Errc::kUnavailable);
  EXPECT_EQ(Count("enrolment"), 0);
}

TEST_F(EnrolmentTest, ARosterReleasesWhatWaitedForItsPupils) {
  const auto held = Push({AttendanceOn("2026-02-25", "A-1")});
  ASSERT_TRUE(held);
  ASSERT_EQ(held->held(), 1u);
  Roll(RosterOn("2026-02-25", {"A-1"}));
  EXPECT_EQ(held_worker_->WorkOnce().value(), 1u);
  EXPECT_EQ(EventsOn<facts::v1::AttendanceRecorded>(kLearning).size(), 1u);
}

TEST_F(EnrolmentTest, AnotherSchoolsRosterTouchesOnlyItsOwn) {
  Roll(RosterOn("2026-02-25", {"A-1"}));
  ASSERT_TRUE(rosters_->Push(CallBy(kOtherSchool), RosterOn("2026-02-26", {"B-1"})));
  EXPECT_EQ(Count("enrolment WHERE to_day = 0"), 2);
}

}  // namespace
}  // namespace tilts::case_intake::testing
