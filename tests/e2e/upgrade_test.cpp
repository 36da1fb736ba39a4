// A new version comes while the old one works: service by service, both in one consumer group, back and forward again,
// under reports and facts. Nothing acknowledged is lost, doubled or early, and neither version refuses a record of the
// other. Run by scripts/upgrade-check, which builds the two versions.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "fact_load.hpp"
#include "group_members.hpp"
#include "load.hpp"

namespace tilts::e2e {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Who reads before who writes, who is called before who calls.
const std::vector<std::string> kOrder{
    "audit",    "indicator-aggregation", "notification", "risk-scoring", "referral-routing",
    "registry", "case-intake",           "gateway"};
// A group of consumers, and more than one replica allowed: audit's witness is one file, the others consume nothing.
const std::set<std::string> kShared{"indicator-aggregation", "notification", "risk-scoring", "referral-routing",
                                    "case-intake"};
constexpr int kPortsBeside = 5;
constexpr milliseconds kBetweenReports{100};
constexpr milliseconds kBetweenBatches{200};

Version FromEnvironment(const std::string& which) {
  const auto value = [&](const char* what) {
    const char* text = std::getenv(absl::StrCat("TILTS_UPGRADE_", which, "_", what).c_str());
    if (text == nullptr) throw std::runtime_error("scripts/upgrade-check runs this: it names the two versions");
    return std::string(text);
  };
  return {value("SOURCE"), value("BINARIES")};
}

City& StartedWith(const Version& version) {
  setenv("TILTS_E2E_SOURCE", version.source.c_str(), 1);
  setenv("TILTS_E2E_BINARIES", version.binaries.c_str(), 1);
  return City::Get();
}

class UpgradeTest : public ::testing::Test {
 protected:
  const Version previous = FromEnvironment("PREVIOUS");
  const Version next = FromEnvironment("NEXT");
  City& city = StartedWith(previous);
  Caller school = city.WithOperations("riga-school-001", {"*"});
  Caller facts_school = city.WithOperations("riga-school-002", {"*"});
  Caller police = city.For(InstitutionOf(city, "INSTITUTION_KIND_STATE_POLICE"));
  Receiver receiver;
  SchoolFacts facts{city, city.Fresh("PN")};
  std::string beside_;  // the second member that runs now

  void SetUp() override {
    for (const std::string& service : kOrder) ASSERT_EQ(city.BinariesOf(service), previous.binaries) << service;
    ASSERT_TRUE(city.Post("/v1/endpoints", police,
                          {{"request_id", city.Fresh("endpoint")}, {"url", receiver.url()}, {"order", 1}})
                    .ok());
    ASSERT_TRUE(Eventually([&] {
      const Answer enrolled = city.Post("/v1/facts", facts_school, {{"facts", facts.Enrolments()}});
      return enrolled.ok() && enrolled.body.value("accepted", 0) == SchoolFacts::kPupils;
    }));
  }

  void TearDown() override {
    if (!beside_.empty()) city.Signal(beside_, SIGTERM);
  }

  void MoveTo(const Version& to, const std::string& service, Load& load, FactLoad& fact_load) {
    const std::string from = city.BinariesOf(service);
    city.Use(to);
    if (kShared.contains(service)) {
      ASSERT_NO_FATAL_FAILURE(StartBeside(service, from, to));
    }
    ASSERT_TRUE(load.MoreReports(5)) << service;
    city.Replace(service);
    ASSERT_EQ(city.BinariesOf(service), to.binaries) << service;
    ASSERT_TRUE(load.MoreReports(5)) << service;
    if (!beside_.empty()) EndBeside();
    ASSERT_TRUE(load.MoreReports(5)) << service;
    ASSERT_TRUE(fact_load.MoreBatches(3)) << service;
    std::printf("[MOVED    ] %s to %s, %zu reports so far\n", service.c_str(), to.binaries.c_str(),
                load.acknowledged().size());
    std::fflush(stdout);
  }

  // The other version's member works beside the one that runs: the broker has given partitions to both.
  void StartBeside(const std::string& service, const std::string& from, const Version& to) {
    beside_ = service + "-second";
    city.StartSecond(service, kPortsBeside);
    ASSERT_TRUE(Eventually([&] { return city.Ready(beside_); })) << service;
    ASSERT_TRUE(Eventually(
        [&] {
          auto members = GroupMembers(city.Setting("TILTS_SERVERS_KAFKA"), service);
          return members.size() == 2 && members[service + "-0"] > 0 && members[beside_] > 0;
        },
        seconds(60)))
        << service << ": not both in one group";
    ASSERT_EQ(city.BinariesOf(service), from);
    ASSERT_EQ(city.BinariesOf(beside_), to.binaries);
    ++shared_;
  }

  void EndBeside() {
    city.Signal(beside_, SIGTERM);
    EXPECT_TRUE(Eventually([&] { return city.BinariesOf(beside_).empty(); })) << beside_ << " does not end";
    beside_.clear();
  }

  std::int64_t Count(const std::string& query) { return std::stoll(city.Sql("SELECT count(*) FROM " + query)); }

  // Retries are due by the city's clock.
  void ComeToRest() {
    ASSERT_TRUE(city.WaitAtRest(seconds(120))) << city.Get("/v1/status", city.Operator()).text;
    for (int step = 0; step < 5 && Count("notification.delivery WHERE state = 1") != 0; ++step) {
      city.Advance(seconds(10));
      ASSERT_TRUE(city.WaitAtRest());
    }
  }

  void ExpectNothingRefused() {
    for (const char* schema :
         {"audit", "case_intake", "indicator_aggregation", "notification", "referral_routing", "registry"})
      EXPECT_EQ(Count(absl::StrCat(schema, ".dead_letter")), 0) << schema;
    int status = 0;
    const std::string letters = city.Tiltsctl("dlq list --json", status);
    EXPECT_EQ(status, 0) << letters;
    EXPECT_TRUE(Json::parse(letters, nullptr, false).value("dead_letters", Json::array()).empty()) << letters;
    EXPECT_EQ(Count("notification.delivery WHERE state = 3"), 0) << "a parked delivery";
  }

  // Armed by the one version, fired by the other: not a second too early, and each once.
  void ExpectDeadlinesOnTime() {
    EXPECT_EQ(Count("referral_routing.fired_rung"), 0) << "fired before its time";
    const std::int64_t due =
        std::stoll(city.Sql("SELECT (extract(epoch FROM min(due_at)) * 1000000)::bigint FROM referral_routing.due"));
    city.Advance(milliseconds(due / 1000) - city.Now().time_since_epoch() - seconds(1));
    ASSERT_TRUE(city.WaitAtRest());
    EXPECT_EQ(Count("referral_routing.fired_rung"), 0) << "fired a second before its time";
    city.Advance(seconds(2));
    EXPECT_TRUE(Eventually([&] { return Count("referral_routing.fired_rung") > 0; }));
    ASSERT_TRUE(city.WaitAtRest(seconds(120)));
  }

  void ExpectTrue(const std::string& words) {
    int status = 0;
    const std::string said = city.Tiltsctl(words, status);
    EXPECT_EQ(status, 0) << words << ": " << said;
  }

  int shared_ = 0;
};

TEST_F(UpgradeTest, LosesDoublesAndRefusesNothingForwardBackAndForward) {
  const auto begin = std::chrono::steady_clock::now();
  Load load(city, school, police, kBetweenReports);
  FactLoad fact_load(city, facts_school, facts, kBetweenBatches, true);
  ASSERT_TRUE(load.MoreReports(10));
  city.Use(next);
  city.Prepare();
  ASSERT_TRUE(load.MoreReports(10)) << "the old version on the new version's schema";
  for (const std::string& service : kOrder) ASSERT_NO_FATAL_FAILURE(MoveTo(next, service, load, fact_load)) << service;
  // Back: the old reader gets the new writers' records, the old writer the new readers.
  for (const char* service : {"referral-routing", "case-intake"})
    ASSERT_NO_FATAL_FAILURE(MoveTo(previous, service, load, fact_load)) << service;
  for (const char* service : {"referral-routing", "case-intake"})
    ASSERT_NO_FATAL_FAILURE(MoveTo(next, service, load, fact_load)) << service;
  load.Stop();
  fact_load.Stop();
  ASSERT_NO_FATAL_FAILURE(ComeToRest());

  auto faults = CheckLedger(city, load, school, police, receiver);
  for (std::string& fault : fact_load.faults()) faults.push_back(std::move(fault));
  EXPECT_TRUE(faults.empty()) << faults.size() << " faults, first ones: "
                              << absl::StrJoin(faults.begin(), faults.begin() + std::min<long>(5, std::ssize(faults)),
                                               "; ");
  EXPECT_EQ(city.Sql(absl::StrCat("SELECT count(*), sum(revision) FROM indicator_aggregation.attendance_row "
                                  "WHERE institution_id = '",
                                  facts_school.institution, "'")),
            SchoolFacts::RowsAfter(fact_load.acknowledged()));
  ASSERT_NO_FATAL_FAILURE(ExpectDeadlinesOnTime());
  ExpectNothingRefused();
  ExpectTrue("audit verify");
  // What the old version derived is, bit for bit, what the new one derives from the same records.
  ExpectTrue("rebuild risk --verify");
  ExpectTrue("rebuild indicators --verify");
  std::printf(
      "[FIGURES  ] %zu reports, %d batches of facts, %zu deliveries, %d times both versions in one group, "
      "longest wait of a report %.1f s, %lld s\n",
      load.acknowledged().size(), fact_load.acknowledged(), receiver.distinct_ids().size(), shared_,
      std::chrono::duration<double>(load.longest_wait()).count(),
      static_cast<long long>(std::chrono::duration_cast<seconds>(std::chrono::steady_clock::now() - begin).count()));
  std::fflush(stdout);
}

}  // namespace
}  // namespace tilts::e2e
