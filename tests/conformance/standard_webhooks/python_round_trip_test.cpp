#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "standard_webhooks/webhook.hpp"

namespace tilts::standard_webhooks {
namespace {

const std::string kEnvironment = std::string(TILTS_BINARY_DIR) + "/python_standardwebhooks";

struct Outcome {
  int status = -1;
  std::string output;
};

Outcome RunCommand(const std::string& command) {
  Outcome outcome;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return outcome;
  char buffer[512];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) outcome.output += buffer;
  outcome.status = pclose(pipe);
  if (!outcome.output.empty() && outcome.output.back() == '\n') outcome.output.pop_back();
  return outcome;
}

// The independent implementation, in an environment of its own below the build folder.
class PythonRoundTripTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::string python = kEnvironment + "/bin/python";
    if (RunCommand(python + " -c 'import standardwebhooks'").status == 0) return;
    const Outcome made = RunCommand("python3 -m venv " + kEnvironment);
    const Outcome installed =
        made.status == 0 ? RunCommand(python + " -m pip install --quiet --disable-pip-version-check standardwebhooks")
                         : made;
    if (installed.status != 0) missing_ = installed.output.empty() ? "python3 failed" : installed.output;
  }

  void SetUp() override {
    if (!missing_.empty()) GTEST_SKIP() << "Python package standardwebhooks cannot be installed: " << missing_;
  }

  static std::string Ask(const nlohmann::json& request) {
    const std::string path = ::testing::TempDir() + "webhook_request.json";
    std::ofstream(path) << request;
    return RunCommand(kEnvironment + "/bin/python " + TILTS_SOURCE_DIR +
                      "/tests/conformance/standard_webhooks/python_round_trip.py < " + path)
        .output;
  }

  static inline std::string missing_;
};

// The Python package judges timestamps by the machine's own clock.
core::CityTime MachineTime() {
  return std::chrono::floor<std::chrono::seconds>(
      core::CityTime{std::chrono::seconds{std::stoll(RunCommand("date +%s").output)}});
}

std::int64_t Seconds(core::CityTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

const std::string kBody = R"({"type": "referral.accepted", "text": "ķēde \u0101 ✓"})";

TEST_F(PythonRoundTripTest, PythonAcceptsWhatIsSignedHere) {
  const WebhookKey keys[] = {WebhookKey::GenerateSecret(), WebhookKey::GenerateSecret()};
  const auto headers = Sign(keys, "msg_1", MachineTime(), kBody);
  ASSERT_TRUE(headers);
  nlohmann::json request{{"do", "verify"},
                         {"id", headers->id},
                         {"body", kBody},
                         {"timestamp", std::stoll(headers->timestamp)},
                         {"signature", headers->signature}};
  for (const WebhookKey& key : keys) {
    request["secret"] = key.Serialize();
    EXPECT_EQ(Ask(request), "accepted");
  }
  request["secret"] = WebhookKey::GenerateSecret().Serialize();
  EXPECT_EQ(Ask(request), "refused");
  request["secret"] = keys[0].Serialize();
  request["body"] = kBody + " ";
  EXPECT_EQ(Ask(request), "refused");
}

TEST_F(PythonRoundTripTest, WhatPythonSignsIsAcceptedHere) {
  const WebhookKey key = WebhookKey::GenerateSecret();
  const core::CityTime now = MachineTime();
  Headers headers{"msg_2", std::to_string(Seconds(now)), {}};
  headers.signature = Ask(
      {{"do", "sign"}, {"secret", key.Serialize()}, {"id", headers.id}, {"body", kBody}, {"timestamp", Seconds(now)}});
  EXPECT_TRUE(Verify({&key, 1}, headers, kBody, now)) << headers.signature;
  EXPECT_FALSE(Verify({&key, 1}, headers, kBody + " ", now));
}

}  // namespace
}  // namespace tilts::standard_webhooks
