// What operators see of a running city: every target scraped, every alert loaded, every figure in the golden list,
// every panel's query answered by the real Prometheus.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>

#include "load.hpp"

namespace tilts::e2e {
namespace {

class ObservabilityTest : public ::testing::Test {
 protected:
  City& city = City::Get();

  Json Prometheus(const std::string& path) {
    http::HttpRequest request{.method = "GET", .url = city.Setting("TILTS_SERVERS_PROMETHEUS") + path};
    const auto response = client_.SendAndWait(std::move(request));
    return response ? Json::parse(response->body, nullptr, false) : Json();
  }

  // Standard output and error of a script of the project.
  static std::string Script(const std::string& command, int& status) {
    FILE* pipe = popen(absl::StrCat("cd ", TILTS_SOURCE_DIR, " && ", command, " 2>&1").c_str(), "r");
    std::string output;
    char buffer[4096];
    while (const std::size_t count = fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, count);
    status = pclose(pipe);
    return output;
  }

 private:
  http::HttpClient client_{http::ClientOptions{.allow_private_networks = true}};
};

TEST_F(ObservabilityTest, EveryTargetIsScraped) {
  Json targets;
  EXPECT_TRUE(Eventually(
      [&] {
        targets = Prometheus("/api/v1/targets");
        if (!targets.contains("data")) return false;
        const Json& active = targets["data"]["activeTargets"];
        return active.size() == 8 && std::all_of(active.begin(), active.end(),
                                                 [](const Json& target) { return target.value("health", "") == "up"; });
      },
      std::chrono::seconds(60)))
      << targets.dump(1);
}

TEST_F(ObservabilityTest, EveryRuleIsLoadedAndEvaluatesWell) {
  std::size_t rules = 0;
  EXPECT_TRUE(Eventually(
      [&] {
        const Json answer = Prometheus("/api/v1/rules");
        if (!answer.contains("data")) return false;
        rules = 0;
        for (const Json& group : answer["data"]["groups"]) {
          for (const Json& rule : group["rules"]) {
            if (rule.value("health", "") != "ok") return false;
            ++rules;
          }
        }
        return rules >= 30;
      },
      std::chrono::seconds(90)))
      << rules;
}

TEST_F(ObservabilityTest, WhatIsExposedIsTheGoldenListAndNoLabelIsUnbounded) {
  // Work first, so that what appears with work is there too.
  const Caller school = city.For("riga-school-001");
  const Answer report = city.Post("/v1/reports", school,
                                  DangerReport(city, city.Fresh("report"), school.institution, city.Fresh("child")));
  ASSERT_TRUE(report.ok()) << report.text;
  ASSERT_TRUE(city.WaitAtRest());
  std::string said;
  EXPECT_TRUE(Eventually([&] {
    int status = -1;
    said = Script("scripts/metrics check --dir " + city.run(), status);
    return status == 0;
  })) << said;
}

TEST_F(ObservabilityTest, TheCanaryArrivesAndEveryPanelHasData) {
  const std::string pid = city.run() + "/canary.pid";
  int status = -1;
  const std::string flown = Script("scripts/canary once --within 60 --dir " + city.run(), status);
  EXPECT_EQ(status, 0) << flown;
  Script(absl::StrCat("sh -c 'setsid scripts/canary serve --every 2 --dir ", city.run(), " >/dev/null 2>&1 & echo $! >",
                      pid, "'"),
         status);
  std::string said;
  EXPECT_TRUE(Eventually(
      [&] {
        said = Script("scripts/boards check --dir " + city.run(), status);
        return status == 0;
      },
      std::chrono::seconds(180)))
      << said;
  Script("kill $(cat " + pid + ")", status);
  EXPECT_EQ(status, 0);
}

TEST_F(ObservabilityTest, ACanaryThatDoesNotArriveIsLost) {
  city.Signal("audit", SIGSTOP);
  int status = 0;
  const std::string flown = Script("scripts/canary once --within 3 --dir " + city.run(), status);
  city.Signal("audit", SIGCONT);
  EXPECT_NE(status, 0) << flown;
}

}  // namespace
}  // namespace tilts::e2e
