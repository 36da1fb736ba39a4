// A database that is lost and put back from its backup: nothing acknowledged is missing, the audit log is whole, what
// is derived comes out the same, and nobody who was erased can be read again.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "fact_load.hpp"
#include "load.hpp"

namespace tilts::e2e {
namespace {

constexpr char kText[] = "A synthetic report of the end-to-end tests.";
constexpr int kBatches = 25;

class RestoreTest : public ::testing::Test {
 protected:
  struct Child {
    std::string case_id;
    std::string person_id;
  };

  void SetUp() override { ASSERT_EQ(Script("backup archive --to " + archive_), 0) << said_; }

  Caller FreshSchool() {
    static std::size_t next = 0;
    const Answer schools = city.Get("/v1/institutions?kind=INSTITUTION_KIND_SCHOOL", city.Operator());
    return city.WithOperations(schools.body.at("institutions").at(next++).at("institution_id"), {"*"});
  }

  static Receiver& PoliceReceiver() {
    static Receiver receiver;
    return receiver;
  }

  int Script(const std::string& words) {
    int status = -1;
    said_ = city.Script(words, status);
    return status;
  }

  // The first case of a school of its own.
  Child OpenCase(const Caller& school) {
    const Answer reported =
        city.Post("/v1/reports", school, DangerReport(city, city.Fresh("report"), school.institution, city.Fresh("c")));
    EXPECT_TRUE(reported.ok()) << reported.text;
    Json cases;
    EXPECT_TRUE(Eventually([&] {
      cases = city.Get("/v1/cases?page_size=10", school).body.value("cases", Json::array());
      return cases.size() == 1;
    }));
    const std::string id = cases.at(0).at("case_id");
    EXPECT_TRUE(Eventually([&] { return absl::StrContains(FileOf(school, id).dump(), kText); }));
    return {id, FileOf(school, id).at("people").at(0).at("person_id")};
  }
  Json FileOf(const Caller& school, const std::string& id) {
    return city.Get("/v1/cases/" + id, school).body.value("case_file", Json());
  }

  void Erase(const Child& child) {
    const Answer erased = city.Post(absl::StrCat("/v1/persons/", child.person_id, ":erase"), city.Operator(),
                                    {{"request_id", city.Fresh("erase")}, {"legal_basis", "GDPR-17"}});
    ASSERT_TRUE(erased.ok()) << erased.text;
    ASSERT_TRUE(Eventually([&] { return city.Sql("SELECT count(*) FROM registry.outbox") == "0"; }));
  }
  bool IsErased(const Child& child) {
    return city.Sql(absl::StrCat("SELECT erased_at IS NOT NULL FROM registry.person WHERE person_id = '",
                                 child.person_id, "'")) == "t";
  }

  // By the machine's clock, which commits carry.
  std::string Moment() {
    return city.Sql(
        "SELECT replace(to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), ' ', 'T') || 'Z'");
  }

  // Killed, and all its files but the write-ahead log removed.
  void LosePostgres() {
    const std::filesystem::path data = city.run() + "/postgres/data";
    city.Kill9("postgres");
    std::filesystem::remove_all(survived_);
    std::filesystem::rename(data / "pg_wal", survived_);
    std::filesystem::remove_all(std::filesystem::canonical(data));
  }

  void ExpectAuditIntact() {
    int status = -1;
    std::string said;
    EXPECT_TRUE(Eventually(
        [&] {
          said = city.Tiltsctl(absl::StrCat("audit verify --witness ", city.run(), "/state/audit.witness --public-key ",
                                            city.run(), "/secrets/audit-checkpoint.pub"),
                               status);
          return status == 0;
        },
        std::chrono::seconds(60)))
        << said;
  }

  std::string Rebuild(const std::string& what, const std::string& how) {
    int status = 0;
    const std::string said = city.Tiltsctl(absl::StrCat("rebuild ", what, " ", how), status);
    EXPECT_EQ(status, 0) << said;
    const std::size_t at = said.find("rebuilt  ");
    EXPECT_NE(at, std::string::npos) << said;
    return at == std::string::npos ? said : said.substr(at, 73);
  }

  void PushFacts() {
    const Caller school = FreshSchool();
    SchoolFacts facts(city, city.Fresh("PN"));
    ASSERT_TRUE(Eventually([&] {
      const Answer enrolled = city.Post("/v1/facts", school, {{"facts", facts.Enrolments()}});
      return enrolled.ok() && enrolled.body.value("accepted", 0) == SchoolFacts::kPupils;
    }));
    ASSERT_TRUE(PushShuffled(city, school, facts, kBatches));
  }

  City& city = City::Get();
  const std::string archive_ = city.run() + "/postgres/archive";
  const std::string survived_ = city.run() + "/postgres/pg_wal.survived";
  std::string said_;
};

TEST_F(RestoreTest, LosesAndDoublesNothingWhenTheDatabaseIsDestroyedUnderLoad) {
  const Caller police = city.For(InstitutionOf(city, "INSTITUTION_KIND_STATE_POLICE"));
  const Answer endpoint = city.Post(
      "/v1/endpoints", police, {{"request_id", city.Fresh("endpoint")}, {"url", PoliceReceiver().url()}, {"order", 1}});
  ASSERT_TRUE(endpoint.ok()) << endpoint.text;
  const Child child = OpenCase(FreshSchool());
  ASSERT_NO_FATAL_FAILURE(PushFacts());
  const Caller school = FreshSchool();
  ASSERT_TRUE(city.WaitAtRest());
  Load load(city, school, police);
  ASSERT_TRUE(load.MoreReports(3));
  ASSERT_EQ(Script("backup base"), 0) << said_;
  ASSERT_NO_FATAL_FAILURE(Erase(child));
  ASSERT_TRUE(load.MoreReports(3));
  LosePostgres();
  EXPECT_NE(Script("servers start"), 0) << "an empty database in place of the lost one: " << said_;
  ASSERT_EQ(Script(absl::StrCat("restore --from ", archive_, " --to latest --wal ", survived_)), 0) << said_;
  EXPECT_FALSE(absl::StrContains(said_, "\n0 segments")) << "nothing came from what survived: " << said_;
  city.StartAll();
  ASSERT_TRUE(load.MoreReports(3, std::chrono::seconds(120)));
  load.Stop();
  ASSERT_TRUE(city.WaitAtRest(std::chrono::seconds(120))) << city.Get("/v1/status", city.Operator()).text;
  const auto faults = CheckLedger(city, load, school, police, PoliceReceiver());
  EXPECT_TRUE(faults.empty()) << absl::StrJoin(faults, "; ");
  EXPECT_TRUE(IsErased(child));
  ExpectAuditIntact();
  const std::string risk = Rebuild("risk", "--verify");
  const std::string indicators = Rebuild("indicators", "--verify");
  city.Redis("FLUSHALL");
  // An idle worker looks at its store every few seconds; until then a rebuild is refused.
  int status = -1;
  ASSERT_TRUE(Eventually(
      [&] {
        (void)city.Tiltsctl("rebuild risk --verify", status);
        return status == 0;
      },
      std::chrono::seconds(60)));
  Rebuild("risk", "--apply");
  Rebuild("indicators", "--apply");
  EXPECT_EQ(Rebuild("risk", "--verify"), risk);
  EXPECT_EQ(Rebuild("indicators", "--verify"), indicators);
}

TEST_F(RestoreTest, WhoWasErasedStaysErasedWhenTheDatabaseIsOlderThanThat) {
  const Caller school = FreshSchool();
  const Child child = OpenCase(school);
  const Child other = OpenCase(FreshSchool());
  ASSERT_TRUE(city.WaitAtRest());
  ASSERT_EQ(Script("backup base"), 0) << said_;
  const std::string before = Moment();
  ASSERT_NO_FATAL_FAILURE(Erase(child));
  ASSERT_TRUE(city.WaitAtRest());
  ExpectAuditIntact();
  ASSERT_EQ(Script("backup check"), 0) << said_;
  ASSERT_EQ(Script(absl::StrCat("restore --from ", archive_, " --to ", before)), 0) << said_;
  ASSERT_FALSE(IsErased(child)) << "the backup has the key again: else the test proves nothing";
  city.StartAll();
  ASSERT_TRUE(Eventually([&] {
    EXPECT_FALSE(absl::StrContains(FileOf(school, child.case_id).dump(), kText));
    return IsErased(child);
  }));
  EXPECT_FALSE(absl::StrContains(FileOf(school, child.case_id).dump(), kText));
  EXPECT_FALSE(IsErased(other));
  ASSERT_TRUE(city.WaitAtRest(std::chrono::seconds(120))) << city.Get("/v1/status", city.Operator()).text;
  ExpectAuditIntact();
  Rebuild("risk", "--verify");
  Rebuild("indicators", "--verify");
}

TEST_F(RestoreTest, ArchiveKeepsWhatItHasAndRefusesAGap) {
  const std::string segment = city.run() + "/segment";
  const auto archive = [&](const std::string& bytes) {
    std::ofstream(segment) << bytes;
    return Script(absl::StrCat("lib/archive-wal ", archive_, " ", segment, " 0000000A0000000000000001"));
  };
  EXPECT_EQ(archive("one"), 0) << said_;
  EXPECT_EQ(archive("one"), 0) << "told twice after a crash: " << said_;
  EXPECT_NE(archive("another"), 0);
  EXPECT_TRUE(absl::StrContains(said_, "other bytes")) << said_;
  std::filesystem::remove(archive_ + "/wal/0000000A0000000000000001.gz");
  ASSERT_EQ(Script("backup base"), 0) << said_;
  for (int round = 0; round < 3; ++round) {
    city.Sql("SELECT pg_create_restore_point('gap')");
    ASSERT_EQ(Script("backup check"), 0) << said_;
  }
  std::vector<std::filesystem::path> kept;
  for (const auto& file : std::filesystem::directory_iterator(archive_ + "/wal"))
    if (file.path().filename().string().size() == 27) kept.push_back(file.path());
  std::sort(kept.begin(), kept.end());
  ASSERT_GT(kept.size(), 3U);
  const std::filesystem::path missing = kept.at(kept.size() - 2);
  std::filesystem::rename(missing, missing.string() + ".away");
  const std::string empty = city.run() + "/empty";
  std::filesystem::create_directories(empty);
  EXPECT_NE(Script(absl::StrCat("restore --from ", archive_, " --to latest --wal ", empty)), 0);
  EXPECT_TRUE(absl::StrContains(said_, "missing")) << said_;
  std::filesystem::rename(missing.string() + ".away", missing);
  ASSERT_EQ(Script(absl::StrCat("restore --from ", archive_, " --to latest --wal ", empty)), 0) << said_;
  city.StartAll();
}

}  // namespace
}  // namespace tilts::e2e
