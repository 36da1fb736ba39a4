// Nothing acknowledged is lost and nothing happens twice, whatever is killed while work is in flight.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>

#include "load.hpp"
#include "pace.hpp"

namespace tilts::e2e {
namespace {

constexpr std::chrono::seconds kRecoveryLimit{10};
constexpr std::size_t kBacklog = 20;  // reports, each with several referrals and deliveries

class RecoveryTest : public ::testing::Test {
 protected:
  City& city = City::Get();
  // A school of its own per test, so that a test's ledger holds its own reports only.
  Caller school = city.WithOperations(FreshSchool(), {"*"});
  Caller police = city.For(InstitutionOf(city, "INSTITUTION_KIND_STATE_POLICE"));

  std::string FreshSchool() {
    static std::size_t next = 0;
    const Answer schools = city.Get("/v1/institutions?kind=INSTITUTION_KIND_SCHOOL", city.Operator());
    return schools.body.at("institutions").at(next++).at("institution_id");
  }

  // One receiver for the police over all tests: its endpoint is registered once.
  static Receiver& PoliceReceiver() {
    static Receiver receiver;
    return receiver;
  }

  void SetUp() override {
    static bool registered = false;
    if (registered) return;
    const Answer put =
        city.Post("/v1/endpoints", police,
                  {{"request_id", city.Fresh("endpoint")}, {"url", PoliceReceiver().url()}, {"order", 1}});
    ASSERT_TRUE(put.ok()) << put.status << put.text;
    registered = true;
  }

  void ExpectBalanced(Load& load) {
    load.Stop();
    ASSERT_TRUE(city.WaitAtRest(std::chrono::seconds(60))) << city.Get("/v1/status", city.Operator()).text;
    // An attempt that timed out is tried again when the city clock says so, and only a test moves that.
    for (int step = 0; step < 5 && city.Sql("SELECT count(*) FROM notification.delivery WHERE state = 1") != "0";
         ++step) {
      city.Advance(std::chrono::seconds(10));
      ASSERT_TRUE(city.WaitAtRest());
    }
    const auto faults = CheckLedger(city, load, school, police, PoliceReceiver());
    EXPECT_TRUE(faults.empty()) << faults.size() << " faults, first ones: "
                                << absl::StrJoin(faults.begin(), faults.begin() + std::min<long>(5, std::ssize(faults)),
                                                 "; ");
    EXPECT_GT(load.acknowledged().size(), 5u);
  }

  // Kills it under load and starts it again. From the moment it answers, all that was accepted until then (in outboxes,
  // in the log, due, on its way to a receiver) is through within ten seconds of an idle machine.
  void KillAndRecover(Load& load, const std::string& process) {
    ASSERT_TRUE(load.MoreReports(3));
    load.AtMost(kBacklog);
    city.Kill9(process);
    ExpectRecovered(load, process);
    load.Start();
    ASSERT_TRUE(load.MoreReports(3));
  }

  void ExpectRecovered(Load& load, const std::string& process) {
    const auto answered = city.StartAgain(process);
    const Pace pace;
    load.Stop();
    const bool at_rest = city.WaitAtRest();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - answered;
    city.FinishStart();
    ASSERT_TRUE(at_rest) << city.Get("/v1/status", city.Operator()).text;
    std::printf("[RECOVERED ] %s after %.1f s, the machine %.1f times slower than idle\n", process.c_str(),
                took.count(), pace.factor());
    std::fflush(stdout);
    EXPECT_LE(took, kRecoveryLimit * pace.factor()) << process << " was killed";
  }
};

class ServiceKilledTest : public RecoveryTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(ServiceKilledTest, LosesAndDoublesNothingUnderLoad) {
  Load load(city, school, police);
  for (int round = 0; round < 2; ++round) KillAndRecover(load, GetParam());
  ExpectBalanced(load);
}

INSTANTIATE_TEST_SUITE_P(EachService, ServiceKilledTest,
                         ::testing::Values("case-intake", "referral-routing", "notification", "registry", "audit",
                                           "gateway"),
                         [](const ::testing::TestParamInfo<const char*>& each) {
                           std::string name = each.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_F(RecoveryTest, LosesAndDoublesNothingWhenTheBrokerIsKilled) {
  Load load(city, school, police);
  KillAndRecover(load, "kafka");
  ExpectBalanced(load);
}

TEST_F(RecoveryTest, LosesAndDoublesNothingWhenPostgresIsKilled) {
  Load load(city, school, police);
  KillAndRecover(load, "postgres");
  ExpectBalanced(load);
}

// Accepted while nothing can leave the house: the work is in the outbox, then the process that held it dies.
TEST_F(RecoveryTest, PublishesAfterRestartWhatWasInTheOutboxWhenKilled) {
  Load load(city, school, police);
  ASSERT_TRUE(load.MoreReports(2));
  load.AtMost(kBacklog);
  city.Kill9("kafka");
  ASSERT_TRUE(load.MoreReports(3)) << "reports must be accepted while the broker is down";
  ASSERT_GT(std::stoll(city.Sql("SELECT count(*) FROM case_intake.outbox")), 0)
      << "no work in flight: the test proves nothing";
  city.Kill9("case-intake");
  ExpectRecovered(load, "case-intake");
  ExpectBalanced(load);
}

TEST_F(RecoveryTest, ReportsAreAcceptedWhileTheVaultIsDownAndCompletedLater) {
  Load load(city, school, police);
  ASSERT_TRUE(load.MoreReports(2));
  load.AtMost(kBacklog);
  city.Kill9("registry");
  ASSERT_TRUE(load.MoreReports(3)) << "a report must not be refused because the vault is down";
  ExpectRecovered(load, "registry");
  ExpectBalanced(load);
}

TEST_F(RecoveryTest, AFrozenRoutingWorkerDoublesNothingWhenItWakes) {
  city.StartSecond("referral-routing", 5);
  ASSERT_TRUE(Eventually([&] { return city.Ready("referral-routing-second"); }));
  Load load(city, school, police);
  ASSERT_TRUE(load.MoreReports(5));
  load.AtMost(kBacklog);
  city.Signal("referral-routing", SIGSTOP);
  const auto frozen = std::chrono::steady_clock::now();
  ASSERT_TRUE(load.MoreReports(10));
  load.Stop();
  // The other worker takes the frozen one's partitions over: every case gets its referrals meanwhile.
  const std::string routed = absl::StrCat(
      "SELECT count(DISTINCT case_id) FROM referral_routing.referral WHERE requester_id = '", school.institution, "'");
  EXPECT_TRUE(Eventually([&] { return city.Sql(routed) == std::to_string(load.acknowledged().size()); },
                         std::chrono::seconds(60)));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - frozen;
  std::printf("[TAKEN OVER] referral-routing after %.1f s\n", took.count());
  std::fflush(stdout);
  city.Signal("referral-routing", SIGCONT);
  // It keeps its partitions until its session ends; what nobody reads meanwhile is no rest.
  city.Signal("referral-routing-second", SIGTERM);
  ExpectBalanced(load);
}

}  // namespace
}  // namespace tilts::e2e
