// Who may come in, what a repeated request does, and that a foreign id is never told from an unknown one.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <future>

#include "load.hpp"

namespace tilts::e2e {
namespace {

class DoorsTest : public ::testing::Test {
 protected:
  City& city = City::Get();
  Caller school = city.For("riga-school-001");
  Caller police = city.For(InstitutionOf(city, "INSTITUTION_KIND_STATE_POLICE"));

  Json Report() { return DangerReport(city, city.Fresh("report"), school.institution, city.Fresh("child")); }
};

TEST_F(DoorsTest, TheSameRequestGetsTheSameAnswer) {
  const Json report = Report();
  const Answer first = city.Post("/v1/reports", school, report);
  ASSERT_TRUE(first.ok()) << first.text;
  const Answer second = city.Post("/v1/reports", school, report);
  EXPECT_EQ(second.status, first.status);
  EXPECT_EQ(second.body, first.body);
}

TEST_F(DoorsTest, TheSameKeyWithAnotherBodyIsRefused) {
  Json report = Report();
  ASSERT_TRUE(city.Post("/v1/reports", school, report).ok());
  report["place"] = "PLACE_CLASS";
  const Answer answer = city.Post("/v1/reports", school, report);
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.body.value("reason", ""), "IDEMPOTENCY_BODY");
}

TEST_F(DoorsTest, TheSameRequestInFlightIsAConflict) {
  // A transaction of ours keeps the first request waiting inside its own.
  const std::string psql =
      absl::StrCat("PGPASSWORD=$(cat ", city.Setting("TILTS_SERVERS_POSTGRES_PASSWORD_FILE"), ") psql -h 127.0.0.1 -p ",
                   city.Setting("TILTS_SERVERS_POSTGRES_PORT"), " -U postgres -d tilts -X -q >/dev/null 2>&1");
  FILE* session = popen(psql.c_str(), "w");
  ASSERT_NE(session, nullptr);
  fputs("BEGIN; LOCK TABLE case_intake.report IN ACCESS EXCLUSIVE MODE;\n", session);
  fflush(session);
  ASSERT_TRUE(Eventually([&] {
    return city.Sql(
               "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = "
               "'case_intake.report'::regclass") == "1";
  }));
  const Json report = Report();
  auto first = std::async(std::launch::async, [&] { return city.Post("/v1/reports", school, report); });
  ASSERT_TRUE(Eventually([&] {
    return city.Sql("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'case_intake.report'::regclass") !=
           "0";
  }));
  const Answer second = city.Post("/v1/reports", school, report);
  EXPECT_EQ(second.status, 409) << second.text;
  EXPECT_EQ(second.body.value("reason", ""), "IDEMPOTENCY_IN_FLIGHT");
  fputs("ROLLBACK;\n", session);
  pclose(session);
  EXPECT_TRUE(first.get().ok());
}

TEST_F(DoorsTest, AReportIsAcceptedWithWarningsWhenNearlyEverythingIsMissing) {
  const Answer answer = city.Post("/v1/reports", school, {{"request_id", city.Fresh("thin")}});
  ASSERT_TRUE(answer.ok()) << answer.text;
  EXPECT_FALSE(answer.body.at("warnings").empty());
}

TEST_F(DoorsTest, ImminentDangerIsAnsweredWithTheEmergencyNumbers) {
  const Answer answer = city.Post("/v1/reports", school, Report());
  EXPECT_TRUE(absl::StrContains(answer.body.value("emergency_instruction", ""), "112"));
}

TEST_F(DoorsTest, ABadFieldIsNamedWithItsPath) {
  Json report = Report();
  report["people"][0]["rol"] = "PERSON_ROLE_VICTIM";
  const Answer answer = city.Post("/v1/reports", school, report);
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(absl::StrContains(answer.text, "people[0].rol")) << answer.text;
}

TEST_F(DoorsTest, WithoutAKeyNothingOpens) {
  const Answer answer = city.Post("/v1/reports", {"", school.institution}, Report());
  EXPECT_EQ(answer.status, 401);
}

TEST_F(DoorsTest, AKeyDoesNotOpenForAnInstitutionItWasNotGranted) {
  const Answer answer = city.Post("/v1/reports", {school.key, "riga-school-002"}, Report());
  EXPECT_EQ(answer.status, 403);
}

TEST_F(DoorsTest, AKeyDoesNotOpenAnOperationItWasNotGranted) {
  const Caller reader = city.WithOperations(school.institution, {"case.read"});
  EXPECT_EQ(city.Post("/v1/reports", reader, Report()).status, 403);
}

// Every route of the published contract that names an object: the answer for a foreign id and for one that never
// existed must not differ in anything a caller can see.
TEST_F(DoorsTest, AForeignIdLooksLikeAnUnknownOneOnEveryRoute) {
  const Answer reported = city.Post("/v1/reports", school, Report());
  ASSERT_TRUE(reported.ok());
  Json feed_item;
  ASSERT_TRUE(Eventually([&] {
    const Answer list = city.Get("/v1/referrals?page_size=200", police);
    if (!list.ok() || list.body.value("referrals", Json::array()).empty()) return false;
    feed_item = list.body.at("referrals").at(0).at("facts");
    return true;
  }));
  std::map<std::string, std::string> real{{"report_id", reported.body.at("report_id")},
                                          {"case_id", feed_item.at("case_id")},
                                          {"referral_id", feed_item.at("referral_id")}};
  // An NGO that has no part in any of it.
  const Caller stranger = city.For(InstitutionOf(city, "INSTITUTION_KIND_RIIMC"));
  const Json paths = city.Get("/openapi.json", stranger).body.at("paths");
  std::size_t routes = 0;
  for (const auto& [path, operations] : paths.items()) {
    const auto field = std::find_if(real.begin(), real.end(), [&](const auto& entry) {
      return absl::StrContains(path, absl::StrCat("{", entry.first, "}"));
    });
    if (field == real.end()) continue;
    for (const auto& [method, operation] : operations.items()) {
      const auto call = [&](const std::string& id) {
        const std::string target = absl::StrReplaceAll(path, {{absl::StrCat("{", field->first, "}"), id}});
        Json body = nullptr;
        if (method == "post") body = {{"request_id", city.Fresh("foreign")}};
        if (absl::EndsWith(path, ":accept") || absl::EndsWith(path, ":acknowledge")) body["role"] = "duty-officer";
        return city.Call(method == "post" ? "POST" : "GET", target, stranger, body);
      };
      const Answer foreign = call(field->second);
      std::string unknown_id = field->second;
      unknown_id.back() = unknown_id.back() == 'a' ? 'b' : 'a';
      const Answer unknown = call(unknown_id);
      EXPECT_FALSE(foreign.ok()) << method << " " << path;
      EXPECT_EQ(foreign.status, unknown.status) << method << " " << path;
      EXPECT_EQ(foreign.body.value("reason", ""), unknown.body.value("reason", "")) << path;
      EXPECT_EQ(foreign.body.value("detail", ""), unknown.body.value("detail", "")) << path;
      ++routes;
    }
  }
  EXPECT_GE(routes, 15u) << "the published contract names fewer routes than there are";
}

}  // namespace
}  // namespace tilts::e2e
