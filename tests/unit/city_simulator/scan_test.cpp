#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "city_simulator/city/dice.hpp"
#include "city_simulator/scan/canary.hpp"
#include "city_simulator/scan/scanner.hpp"

namespace tilts::city_simulator {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::string Base64(const std::string& bytes) {
  static const std::string kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  unsigned bits = 0, held = 0;
  for (const char letter : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(letter);
    for (held += 8; held >= 6; held -= 6) text += kAlphabet[bits >> (held - 6) & 63U];
  }
  if (held > 0) text += kAlphabet[bits << (6 - held) & 63U];
  return text;
}

class ScannerTest : public testing::Test {
 protected:
  Canary canary_{7, 1};
  Scanner scanner_{canary_.marks()};
};

TEST_F(ScannerTest, FindsEveryKindOfCanaryInEveryChannel) {
  for (const char* channel : {"kafka", "log", "metric", "url", "webhook", "error"}) {
    const std::size_t before = scanner_.leaks().size();
    scanner_.Look(channel, "here", "a name: " + canary_.GivenName(3));
    scanner_.Look(channel, "here", "\x01\x02" + canary_.FamilyName(3) + "\xff");
    scanner_.Look(channel, "here", "code=" + canary_.PersonCode(4711) + ";");
    scanner_.Look(channel, "here", canary_.Contact(3));
    scanner_.Look(channel, "here", canary_.Text("was hit", 9));
    EXPECT_EQ(scanner_.leaks().size() - before, 5U) << channel;
  }
}

TEST_F(ScannerTest, FindsCanariesThatWereWrittenInBase64) {
  for (const char* before : {"", "x", "xy"}) scanner_.Look("kafka", "here", Base64(before + canary_.FamilyName(5)));
  EXPECT_THAT(scanner_.leaks(), SizeIs(3));
}

TEST_F(ScannerTest, LeavesCodesAndRandomIdsAlone) {
  scanner_.Look("log", "here",
                R"({"case_id":"6fa1b0c2d3e4f5a6b7c8d9e0f1a2b3c4","at":"2025-10-27T08:30:00Z","state":"REQUESTED"})");
  scanner_.Look("url", "here", "/v1/referrals/32abcd-9");
  EXPECT_THAT(scanner_.leaks(), IsEmpty());
  EXPECT_EQ(scanner_.looked_at().at("log"), 1U);
}

TEST_F(ScannerTest, NamesTheLineOfALogButNotWhatItSays) {
  const std::string path = testing::TempDir() + "city_simulator_scan.log";
  std::ofstream(path) << "ready\nperson " << canary_.GivenName(1) << "\nstopped\n";
  scanner_.LookIntoFile("log", path);
  std::remove(path.c_str());
  ASSERT_THAT(scanner_.leaks(), SizeIs(1));
  EXPECT_EQ(scanner_.leaks()[0].where, path + ":2");
}

TEST_F(ScannerTest, AFileThatCannotBeReadIsNotCalledClean) {
  scanner_.LookIntoFile("log", testing::TempDir() + "no such file");
  EXPECT_THAT(scanner_.leaks(), SizeIs(1));
}

TEST(CanaryTest, AnotherSeedHasOtherMarks) {
  EXPECT_NE(Canary(1, 1).GivenName(1), Canary(2, 1).GivenName(1));
  EXPECT_NE(Canary(1, 1).GivenName(1), Canary(1, 2).GivenName(1));
  EXPECT_EQ(Canary(1, 1).PersonCode(1), Canary(1, 1).PersonCode(1));
  EXPECT_EQ(Canary(1, 1).PersonCode(1).size(), 12U);
}

TEST(DiceTest, ThrowsDependOnSeedNameAndNumberOnly) {
  EXPECT_EQ(Dice(1, "report", 2).Next(), Dice(1, "report", 2).Next());
  EXPECT_NE(Dice(1, "report", 2).Next(), Dice(1, "report", 3).Next());
  EXPECT_NE(Dice(1, "report", 2).Next(), Dice(2, "report", 2).Next());
  EXPECT_NE(Dice(1, "report", 2).Next(), Dice(1, "answer", 2).Next());
}

}  // namespace
}  // namespace tilts::city_simulator
