#include <gmock/gmock.h>

#include "crypto/encoding.hpp"
#include "fact_fixture.hpp"
#include "testing/wait_for.hpp"

namespace tilts::case_intake::testing {
namespace {

using ::testing::ElementsAre;

class HeldFactTest : public FactTest {
 protected:
  intake::v1::PushFactsResponse Held(const intake::v1::Fact& fact) {
    const auto response = Push({fact});
    EXPECT_TRUE(response);
    EXPECT_EQ(response->held(), 1u) << response->ShortDebugString();
    return *response;
  }
  intake::v1::ListHeldFactsResponse List(const std::string& institution = kSchool, std::uint32_t page_size = 0,
                                         const std::string& page_token = {}) {
    intake::v1::ListHeldFactsRequest request;
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    const auto response = held_->List(CallBy(institution), request);
    EXPECT_TRUE(response) << response.error().message;
    return response ? *response : intake::v1::ListHeldFactsResponse();
  }
  core::Result<intake::v1::RedriveHeldFactsResponse> Redrive(const std::string& request_id,
                                                             const std::string& institution = kSchool) {
    intake::v1::RedriveHeldFactsRequest request;
    request.set_request_id(request_id);
    return held_->Redrive(CallBy(institution), request);
  }
  std::size_t Attendances() { return EventsOn<facts::v1::AttendanceRecorded>(kLearning).size(); }
};

TEST_F(HeldFactTest, WaitsForTheEnrolmentAndIsNeverDropped) {
  const auto response = Held(AttendanceOn("2026-02-27", kNumber, 1, 2));
  EXPECT_THAT(WarningsOf(response.results(0)), ElementsAre("PUPIL_HELD"));
  EXPECT_EQ(CountHeldFacts(*database_, clock_.Now())->due_now, 0u);
  EXPECT_EQ(held_worker_->WorkOnce().value(), 0u);
  EXPECT_EQ(Attendances(), 0u);
  Accept({EnrolmentFrom("2025-09-01")});
  EXPECT_EQ(CountHeldFacts(*database_, clock_.Now())->due_now, 1u);
  EXPECT_EQ(held_worker_->WorkOnce().value(), 1u);
  EXPECT_EQ(Count("held_fact"), 0);
  const auto events = EventsOn<facts::v1::AttendanceRecorded>(kLearning);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(crypto::ToHex(events[0].stamp().record_id()), response.results(0).record_id());
  EXPECT_EQ(events[0].absent_unexcused(), 2u);
}

TEST_F(HeldFactTest, TheWorkerWakesWhenAnEnrolmentArrives) {
  Held(AttendanceOn("2026-02-27"));
  held_worker_->Start();
  Accept({EnrolmentFrom("2025-09-01")});
  EXPECT_TRUE(tilts::testing::WaitFor([this] { return Count("held_fact") == 0; }, std::chrono::seconds(20)));
  held_worker_->Stop();
  EXPECT_EQ(Attendances(), 1u);
}

TEST_F(HeldFactTest, FindsByItselfThatANumberBecameKnownElsewhere) {
  Held(AttendanceOn("2026-02-27"));
  registry::v1::ResolvePersonsRequest other_door;
  other_door.set_request_id("other door");
  intake::v1::PersonIdentifier& identifier = *other_door.add_people()->add_identifiers();
  identifier.set_institution_id(kSchool);
  identifier.set_value(kNumber);
  ASSERT_TRUE(vault_.Resolve(other_door, {}));
  EXPECT_EQ(held_worker_->WorkOnce().value(), 1u);
  EXPECT_EQ(Attendances(), 1u);
}

TEST_F(HeldFactTest, TheRowStaysUntilTheBrokerHasTheFact) {
  Held(AttendanceOn("2026-02-27"));
  Accept({EnrolmentFrom("2025-09-01")});
  broker_.broker_down = true;
  EXPECT_FALSE(held_worker_->WorkOnce());
  EXPECT_EQ(Count("held_fact"), 1);
  broker_.broker_down = false;
  EXPECT_EQ(held_worker_->WorkOnce().value(), 1u);
  EXPECT_EQ(Attendances(), 1u);
}

TEST_F(HeldFactTest, AGreaterRevisionReplacesTheHeldOneAndASmallerDoesNot) {
  Held(AttendanceOn("2026-02-27", kNumber, 2, 2));
  Held(AttendanceOn("2026-02-27", kNumber, 3, 3));
  Held(AttendanceOn("2026-02-27", kNumber, 1, 1));
  EXPECT_EQ(Count("held_fact"), 1);
  Accept({EnrolmentFrom("2025-09-01")});
  ASSERT_TRUE(held_worker_->WorkOnce());
  const auto events = EventsOn<facts::v1::AttendanceRecorded>(kLearning);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].stamp().revision(), 3u);
}

TEST_F(HeldFactTest, EnrolmentsAreHeldWhileTheVaultIsDown) {
  vault_.SetDown(true);
  numbers_->down = true;
  const auto response =
      Push({EnrolmentFrom("2025-09-01"), AttendanceOn("2026-02-27"), ConsultationOn("2026-02-27", "K-1")});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->held(), 3u);
  EXPECT_EQ(response->results(2).record_id(), "");
  // Nobody could be asked: that is due work, tried again with growing waits.
  EXPECT_EQ(CountHeldFacts(*database_, clock_.Now())->due_now, 3u);
  ASSERT_TRUE(held_worker_->WorkOnce());
  EXPECT_EQ(CountHeldFacts(*database_, clock_.Now())->due_now, 0u);
  EXPECT_TRUE(CountHeldFacts(*database_, clock_.Now())->next_due_at.has_value());
  vault_.SetDown(false);
  numbers_->down = false;
  clock_.Advance(std::chrono::seconds(5));
  std::size_t done = held_worker_->WorkOnce().value();
  done += held_worker_->WorkOnce().value();
  EXPECT_EQ(done, 3u);
  EXPECT_EQ(Count("held_fact"), 0);
  EXPECT_EQ(Count("enrolment"), 1);
  EXPECT_EQ(Attendances(), 1u);
  EXPECT_EQ(OnTopic(kSupport).size(), 1u);
}

TEST_F(HeldFactTest, ListsOwnOnesInPagesWithWhatIsOverdue) {
  Held(AttendanceOn("2026-02-26"));
  clock_.Advance(std::chrono::hours(25));
  Held(AttendanceOn("2026-02-27"));
  const auto first = List(kSchool, 1);
  ASSERT_EQ(first.held_facts_size(), 1);
  EXPECT_EQ(first.held_facts(0).pupil_number(), kNumber);
  EXPECT_EQ(first.held_facts(0).event_id(), "event-2026-02-26");
  EXPECT_EQ(first.held_facts(0).kind(), "attendance");
  EXPECT_TRUE(first.held_facts(0).overdue());
  const auto second = List(kSchool, 1, first.next_page_token());
  ASSERT_EQ(second.held_facts_size(), 1);
  EXPECT_FALSE(second.held_facts(0).overdue());
  EXPECT_EQ(second.next_page_token(), "");
  EXPECT_EQ(List(kOtherSchool).held_facts_size(), 0);
}

TEST_F(HeldFactTest, RedriveTriesOwnOnesAndAnswersTheSameAgain) {
  Held(AttendanceOn("2026-02-27"));
  Held(AttendanceOn("2026-02-27", "PN-STRANGER"));
  numbers_->down = true;
  Accept({EnrolmentFrom("2025-09-01")});
  numbers_->down = false;
  const auto foreign = Redrive("r-1", kOtherSchool);
  ASSERT_TRUE(foreign);
  EXPECT_EQ(foreign->still_held(), 0u);
  EXPECT_TRUE(Redrive("r-1", kOtherSchool));
  const auto done = Redrive("r-1");
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->resolved(), 1u);
  EXPECT_EQ(done->still_held(), 1u);
  const auto again = Redrive("r-1");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->resolved(), 1u);
}

TEST_F(HeldFactTest, ASealedFactMovedToAnotherRowDoesNotOpen) {
  Held(AttendanceOn("2026-02-26"));
  Held(AttendanceOn("2026-02-27"));
  ASSERT_TRUE(
      database_->Query("UPDATE held_fact h SET sealed = o.sealed, wrapped_key = o.wrapped_key FROM held_fact o "
                       "WHERE o.held_id <> h.held_id"));
  EXPECT_FALSE(held_->List(CallBy(kSchool), {}));
  EXPECT_EQ(Count("held_fact"), 2);
}

}  // namespace
}  // namespace tilts::case_intake::testing
