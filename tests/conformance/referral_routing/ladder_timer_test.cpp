#include <barrier>
#include <thread>

#include "routing_fixture.hpp"
#include "testing/wait_for.hpp"

namespace tilts::referral_routing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class LadderTimerTest : public RoutingTest {
 protected:
  void SendImminent() {
    auto facts = FamilyViolence();
    facts.set_relation(codes::v1::RELATION_PEER);
    facts.add_aggravating(codes::v1::AGGRAVATING_FACT_WEAPON);
    ASSERT_TRUE(Open("c-1", facts));
  }
  // The rungs of a purpose that were reported, in order.
  std::vector<std::string> RungsOf(const std::string& purpose) {
    std::vector<std::string> rungs;
    for (const auto& event : Emitted<referrals::v1::ReferralEscalated>()) {
      if (event.facts().purpose_code() == purpose) rungs.push_back(event.rung_id());
    }
    return rungs;
  }
  using Rungs = std::vector<std::string>;
};

TEST_F(LadderTimerTest, NothingFiresBeforeItsTime) {
  SendImminent();
  auto worker = MakeWorker(*database_);
  clock_.now += minutes{2} - std::chrono::microseconds{1};
  EXPECT_EQ(worker->FireDue().value(), 0U);
  EXPECT_EQ(worker->Count()->due_now, 0U);
  EXPECT_EQ(worker->Count()->next_due_at, clock_.now + std::chrono::microseconds{1});
  clock_.now += std::chrono::microseconds{1};
  EXPECT_EQ(worker->Count()->due_now, 1U);
  EXPECT_EQ(worker->FireDue().value(), 1U);
  EXPECT_EQ(RungsOf("POLICE_EMERGENCY"), Rungs{"second-channel"});
}

// A worker whose clock ran ahead when it looked asks again under the case's lock.
TEST_F(LadderTimerTest, WhoeverLooksTooEarlyFiresNothing) {
  SendImminent();
  const Referral police = Find("c-1", "POLICE_EMERGENCY");
  const auto fire = [&] {
    return database_->Transact([&](postgres::UnitOfWork& unit) {
      SqlStore store(unit);
      return timer_->Fire(store, police.case_id, police.id, clock_.Now());
    });
  };
  clock_.now += minutes{2} - std::chrono::microseconds{1};
  EXPECT_EQ(fire().value(), LadderTimer::Outcome::kNothing);
  clock_.now += std::chrono::microseconds{1};
  EXPECT_EQ(fire().value(), LadderTimer::Outcome::kFired);
  EXPECT_EQ(fire().value(), LadderTimer::Outcome::kNothing);
  EXPECT_EQ(RungsOf("POLICE_EMERGENCY"), Rungs{"second-channel"});
}

TEST_F(LadderTimerTest, TwoWorkersFireEachRungOnce) {
  SendImminent();
  postgres::Database other(options_);
  auto first = MakeWorker(*database_);
  auto second = MakeWorker(other);
  clock_.now += minutes{40};
  std::atomic<std::size_t> fired = 0;
  for (int round = 0; round < 6; ++round) {
    std::barrier together(2);
    const auto work = [&](DueWorker& worker) {
      together.arrive_and_wait();
      fired += worker.FireDue().value();
    };
    std::jthread one(work, std::ref(*first));
    std::jthread two(work, std::ref(*second));
  }
  EXPECT_EQ(RungsOf("POLICE_EMERGENCY"), (Rungs{"second-channel", "duty-officer", "last"}));
  EXPECT_EQ(fired.load(), Emitted<referrals::v1::ReferralEscalated>().size());
  EXPECT_TRUE(Find("c-1", "POLICE_EMERGENCY").overdue);
}

// A worker that is stopped in the middle of its transaction (SIGSTOP) holds the case until the server ends its idle
// session; then another works, and what the first did is gone when it wakes.
TEST_F(LadderTimerTest, AFrozenWorkerLosesItsWorkAndNothingFiresTwice) {
  SendImminent();
  const Referral police = Find("c-1", "POLICE_EMERGENCY");
  clock_.now += minutes{3};
  postgres::Database frozen(options_);
  auto awake = MakeWorker(*database_);
  std::atomic<bool> holding = false;
  std::atomic<bool> thawed = false;
  core::Status outcome;
  std::jthread sleeper([&] {
    const auto work = [&](postgres::UnitOfWork& unit) -> core::Status {
      SqlStore store(unit);
      TILTS_CHECK(timer_->Fire(store, police.case_id, police.id, clock_.Now()));
      holding = true;
      testing::WaitFor([&] { return thawed.load(); }, std::chrono::seconds{20});
      return {};
    };
    outcome = frozen.Transact(work, {.idle_in_transaction_limit = std::chrono::milliseconds{500}});
  });
  ASSERT_TRUE(testing::WaitFor([&] { return holding.load(); }, std::chrono::seconds{10}));
  std::size_t fired = 0;
  ASSERT_TRUE(testing::WaitFor([&] { return (fired += awake->FireDue().value_or(0)) > 0; }, std::chrono::seconds{10}));
  thawed = true;
  sleeper.join();
  EXPECT_FALSE(outcome);
  EXPECT_EQ(RungsOf("POLICE_EMERGENCY"), Rungs{"second-channel"});
}

TEST_F(LadderTimerTest, AnswersStopTheClock) {
  SendImminent();
  ASSERT_TRUE(Accept("police", Find("c-1", "POLICE_EMERGENCY").id.value()));
  clock_.now += minutes{40};
  ASSERT_TRUE(MakeWorker(*database_)->FireDue());
  EXPECT_EQ(RungsOf("POLICE_EMERGENCY"), Rungs{});
}

TEST_F(LadderTimerTest, SilenceOfAReplaceableDutyMovesOnInOneStep) {
  ASSERT_TRUE(Open("c-1", Motivation()));
  const Referral first = Find("c-1", "YOUTH_PROGRAMME");
  ASSERT_EQ(first.recipient.value(), "youth");
  auto worker = MakeWorker(*database_);
  clock_.now += hours{24 * 8};
  while (worker->FireDue().value() > 0) {
  }
  const Referral second = Find("c-1", "YOUTH_PROGRAMME");
  EXPECT_EQ(second.recipient.value(), "ngo");
  EXPECT_EQ(second.replaced, first.id);
  EXPECT_EQ(Referrals("c-1")[0].state, ReferralState::kExpired);
  const auto late = Accept("youth", first.id.value());
  EXPECT_EQ(late.error().reason, "REFERRAL_STATE");
  clock_.now += hours{24 * 8};
  while (worker->FireDue().value() > 0) {
  }
  EXPECT_EQ(Find("c-1", "TASK_YOUTH_PROGRAMME").recipient.value(), "school");
}

TEST_F(LadderTimerTest, SilenceOfAnExclusiveDutyStaysOpenAndOverdueAndTheSupervisorHears) {
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  auto worker = MakeWorker(*database_);
  clock_.now += hours{24 * 10};
  while (worker->FireDue().value() > 0) {
  }
  const Referral court = Find("c-1", "CUSTODY_CHECK");
  EXPECT_TRUE(court.overdue);
  EXPECT_EQ(court.state, ReferralState::kRequested);
  std::vector<std::string> told;
  for (const auto& event : Emitted<referrals::v1::ReferralEscalated>()) {
    if (event.facts().purpose_code() != "CUSTODY_CHECK" || event.rung_id() != "last") continue;
    told.assign(event.notify_institution_ids().begin(), event.notify_institution_ids().end());
  }
  EXPECT_EQ(told, (std::vector<std::string>{"management", "school"}));
}

TEST_F(LadderTimerTest, AtMidnightASameDayDutyMovesToTheBodyOnDuty) {
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  clock_.now = core::ParseRfc3339("2026-03-02T22:00:00Z").value();  // 24:00 in Riga
  ASSERT_TRUE(MakeWorker(*database_)->FireDue());
  const auto events = Emitted<referrals::v1::ReferralEscalated>();
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events[0].rung_id(), "duty-body");
  EXPECT_EQ(
      std::vector<std::string>(events[0].notify_institution_ids().begin(), events[0].notify_institution_ids().end()),
      std::vector<std::string>{"police"});
}

TEST_F(LadderTimerTest, ANewCalendarVersionCountsOpenDeadlinesAgain) {
  ASSERT_TRUE(Open("c-1", Motivation()));
  const Referral before = Find("c-1", "YOUTH_PROGRAMME");
  UseCity("2026.9");
  auto worker = MakeWorker(*database_);
  EXPECT_EQ(worker->Count()->outdated, 1U);
  EXPECT_EQ(worker->RecountOutdated().value(), 1U);
  EXPECT_EQ(worker->RecountOutdated().value(), 0U);
  const Referral after = Find("c-1", "YOUTH_PROGRAMME");
  EXPECT_EQ(after.calendar_version, "2026.9");
  EXPECT_EQ(*after.due.acknowledge, *before.due.acknowledge + hours{24});
  const auto events = Emitted<referrals::v1::DeadlinesRecomputed>();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].previous_calendar_version(), before.calendar_version);
}

}  // namespace
}  // namespace tilts::referral_routing
