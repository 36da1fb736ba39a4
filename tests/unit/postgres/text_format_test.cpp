#include "postgres/text_format.hpp"

#include <gtest/gtest.h>

#include "postgres/value.hpp"

namespace tilts::postgres {
namespace {

TEST(TextFormatTest, BytesSurviveBothWays) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(ParseBytes(FormatBytes(all)), all);
  EXPECT_EQ(FormatBytes(std::string("\x00\x0a\xff", 3)), "\\x000aff");
  EXPECT_EQ(ParseBytes("\\x"), "");
  EXPECT_EQ(ParseBytes("0aff"), std::nullopt);
  EXPECT_EQ(ParseBytes("\\x0"), std::nullopt);
  EXPECT_EQ(ParseBytes("\\x0g"), std::nullopt);
}

TEST(TextFormatTest, TextArraysSurviveQuotesCommasAndEmptyTexts) {
  const std::vector<std::string> texts = {"plain", "", "a,b", "say \"hi\"", "back\\slash", "{brace}", "NULL"};
  EXPECT_EQ(ParseTextArray(FormatTextArray(texts)), texts);
  EXPECT_EQ(ParseTextArray("{}"), std::vector<std::string>{});
  EXPECT_EQ(ParseTextArray("{a,b}"), (std::vector<std::string>{"a", "b"}));
}

TEST(TextFormatTest, RefusesArraysItCannotRepresent) {
  for (const char* text : {"", "{", "{a", "{a,}", "{NULL}", "{{a}}", "{\"a}", "{a}b", "{\"a\"x}"}) {
    EXPECT_EQ(ParseTextArray(text), std::nullopt) << text;
  }
}

TEST(TextFormatTest, ReadsTimestampsInUtcOnly) {
  EXPECT_EQ(ParseTimestamp("2026-03-02 08:30:00+00"), *core::ParseRfc3339("2026-03-02T08:30:00Z"));
  EXPECT_EQ(ParseTimestamp("2026-03-02 08:30:00.25+00"), *core::ParseRfc3339("2026-03-02T08:30:00.25Z"));
  EXPECT_EQ(ParseTimestamp("2026-03-02 08:30:00+02"), std::nullopt);
  EXPECT_EQ(ParseTimestamp("infinity"), std::nullopt);
}

TEST(TextFormatTest, DoublesReadBackTheSame) {
  for (const double number : {0.0, 0.1, -1.5e300, 1.0 / 3}) EXPECT_EQ(ParseDouble(FormatDouble(number)), number);
  EXPECT_EQ(ParseDouble("1.5x"), std::nullopt);
}

TEST(ParamTest, TakesTheUsualKindsOfValues) {
  EXPECT_EQ(Param(nullptr).text(), std::nullopt);
  EXPECT_EQ(Param(true).text(), "t");
  EXPECT_EQ(Param(std::int64_t{-5}).text(), "-5");
  EXPECT_EQ(Param(std::optional<std::string>()).text(), std::nullopt);
  EXPECT_EQ(Param(std::optional<int>(7)).text(), "7");
  EXPECT_EQ(Param("text").text(), "text");
  EXPECT_EQ(Param(Bytes{"ab"}).text(), "\\x6162");
  EXPECT_EQ(Param(std::vector<std::int64_t>{1, 2}).text(), "{1,2}");
  EXPECT_EQ(Param(*core::ParseRfc3339("2026-03-02T08:30:00Z")).text(), "2026-03-02T08:30:00Z");
}

}  // namespace
}  // namespace tilts::postgres
