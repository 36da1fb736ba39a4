#include <cstdio>
#include <fstream>

#include "house.hpp"

namespace tilts::gateway {
namespace {

using nlohmann::json;

const std::string kEnvironment = std::string(TILTS_BINARY_DIR) + "/python_cloudevents";

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
  return outcome;
}

// The CloudEvents project's own client, in an environment of its own below the build folder.
class PythonClientTest : public HouseTest {
 protected:
  static void SetUpTestSuite() {
    const std::string python = kEnvironment + "/bin/python";
    if (RunCommand(python + " -c 'import cloudevents.conversion'").status == 0) return;
    const Outcome made = RunCommand("python3 -m venv " + kEnvironment);
    const Outcome installed =
        made.status == 0
            ? RunCommand(python + " -m pip install --quiet --disable-pip-version-check 'cloudevents>=1.9,<2'")
            : made;
    if (installed.status != 0) missing_ = installed.output.empty() ? "python3 failed" : installed.output;
  }

  void SetUp() override {
    if (!missing_.empty()) GTEST_SKIP() << "Python package cloudevents cannot be installed: " << missing_;
    HouseTest::SetUp();
  }
  void TearDown() override {
    if (missing_.empty()) HouseTest::TearDown();
  }

  json SendByPython(const json& attributes, const json& data) {
    json request{{"url", "http://127.0.0.1:" + std::to_string(front_->port()) + "/v1/events"},
                 {"attributes", attributes},
                 {"data", data}};
    const http::Headers headers = SchoolHeaders();
    for (const auto& [name, value] : headers.all()) request["headers"][name] = value;
    const std::string path = ::testing::TempDir() + "cloud_event_request.json";
    std::ofstream(path) << request;
    const Outcome outcome = RunCommand(kEnvironment + "/bin/python " + TILTS_SOURCE_DIR +
                                       "/tests/conformance/gateway/python_cloud_event.py < " + path);
    const json told = json::parse(outcome.output, nullptr, false);
    EXPECT_FALSE(told.is_discarded()) << outcome.output;
    return told;
  }

  static inline std::string missing_;
};

TEST_F(PythonClientTest, AnEventOfTheSdkIsAFact) {
  intake::v1::PushFactsRequest got;
  push_facts_ = [&](const rpc::CallContext&, const intake::v1::PushFactsRequest& request) {
    got = request;
    intake::v1::PushFactsResponse response;
    response.set_accepted(1);
    response.add_results()->set_status(intake::v1::FACT_STATUS_ACCEPTED);
    return response;
  };
  const json told = SendByPython({{"type", "tilts.intake.v1.AttendanceDay"},
                                  {"source", "/school-system"},
                                  {"id", "e-1"},
                                  {"subject", "PN-1"},
                                  {"time", "2026-02-27T12:00:00Z"},
                                  {"revision", "3"},
                                  {"withdrawn", "false"}},
                                 {{"day", "2026-02-27"}, {"lessons_offered", 6}, {"late", 1}});
  EXPECT_EQ(told["status"], 200) << told;
  EXPECT_EQ(told["answer"]["accepted"], 1);
  ASSERT_EQ(got.facts_size(), 1);
  EXPECT_EQ(got.facts(0).event_id(), "e-1");
  EXPECT_EQ(got.facts(0).revision(), 3u);
  EXPECT_EQ(got.facts(0).attendance().late(), 1u);
}

TEST_F(PythonClientTest, AnUnknownTypeIsRefusedByItsAttribute) {
  const json told =
      SendByPython({{"type", "org.example.Other"}, {"source", "/school-system"}, {"id", "e-2"}, {"subject", "PN-1"}},
                   json::object());
  EXPECT_EQ(told["answer"]["results"][0]["violations"][0]["code"], "TYPE_UNKNOWN") << told;
}

}  // namespace
}  // namespace tilts::gateway
