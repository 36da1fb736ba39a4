// The whole main job in small, and the negative controls: a simulator that cannot fail proves nothing.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "city.hpp"

namespace tilts::e2e {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

struct Outcome {
  int code = -1;
  std::string last_line;
  std::string output;
};

Outcome Simulator(const std::string& arguments) {
  const std::string command = absl::StrCat(TILTS_BINARY_DIR, "/bin/tilts-city-simulator --run ", City::Get().run(),
                                           " --source ", TILTS_SOURCE_DIR, " ", arguments, " 2>&1");
  Outcome outcome;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe))
    outcome.output.append(buffer.data(), count);
  outcome.code = WEXITSTATUS(pclose(pipe));
  std::string text = outcome.output;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  outcome.last_line = text.substr(text.rfind('\n') + 1);
  return outcome;
}

constexpr const char* kSmall = "--schools 1 --days 1 --reports 3 --learners 0 --seed 11";
constexpr const char* kSchools = "--schools 2 --days 14 --reports 3 --learners 60 --seed 12";

TEST(CitySimulatorTest, ASmallCityBalances) {
  const Outcome outcome = Simulator(kSmall);
  EXPECT_EQ(outcome.code, 0) << outcome.output;
  EXPECT_THAT(outcome.last_line, HasSubstr("main job: balanced reports=3/3 "));
  EXPECT_THAT(outcome.last_line, EndsWith("lost=0 doubled=0 early=0 leaked=0 seed=11"));
}

TEST(CitySimulatorTest, ASmallCityWithLearnersBalances) {
  const Outcome outcome = Simulator(kSchools);
  EXPECT_EQ(outcome.code, 0) << outcome.output;
  EXPECT_THAT(outcome.last_line, HasSubstr("main job: balanced reports=3/3 "));
  EXPECT_THAT(outcome.last_line, Not(HasSubstr(" facts=0/0 ")));
  EXPECT_THAT(outcome.last_line, Not(HasSubstr(" nonzero=0 ")));
}

TEST(CitySimulatorTest, AScoreThatDiffersEndsNotBalanced) {
  const Outcome outcome = Simulator(absl::StrCat(kSchools, " --sabotage score"));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.last_line, HasSubstr("main job: NOT BALANCED ")) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("the score of learner-"));
}

struct Spoiled {
  const char* what;
  const char* difference;
};

class SabotageTest : public testing::TestWithParam<Spoiled> {};

TEST_P(SabotageTest, EndsNotBalanced) {
  const Outcome outcome = Simulator(absl::StrCat(kSmall, " --sabotage ", GetParam().what));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.last_line, HasSubstr("main job: NOT BALANCED ")) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr(GetParam().difference));
}

INSTANTIATE_TEST_SUITE_P(Each, SabotageTest,
                         testing::Values(Spoiled{"receipt", "reports: expected, not seen: "},
                                         Spoiled{"delivery", "deliveries: expected, not seen: "},
                                         Spoiled{"deadline", " one minute off"},
                                         Spoiled{"audit", "audit: records and calls differ"}),
                         [](const auto& each) { return std::string(each.param.what); });

TEST(CanaryScanTest, AMarkInALogIsFound) {
  const std::string log = City::Get().run() + "/log/planted.log";
  std::ofstream(log) << "a line\nzqplantedcanary in a line\n";
  const Outcome found = Simulator("scan zqplantedcanary");
  std::filesystem::remove(log);
  EXPECT_EQ(found.code, 1);
  EXPECT_THAT(found.output, HasSubstr("planted.log:2"));
  EXPECT_THAT(found.last_line, HasSubstr("leaked=1"));
}

TEST(CanaryScanTest, AMarkInKafkaIsFoundAndAbsentMarksAreNot) {
  // An institution's id is in many records: it stands for what should not be there.
  EXPECT_THAT(Simulator("scan riga-school-001").output, HasSubstr("leaked into kafka at tilts."));
  const Outcome none = Simulator("scan zqnobodywrotethis");
  EXPECT_EQ(none.code, 0) << none.output;
}

}  // namespace
}  // namespace tilts::e2e
