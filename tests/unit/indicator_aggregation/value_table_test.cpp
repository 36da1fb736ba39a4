#include "indicator_aggregation/app/value_table.hpp"

#include <gtest/gtest.h>

namespace tilts::indicator_aggregation {
namespace {

const Reader kEverybody{"reader",
                        [](const std::string& institution, const std::string&) { return institution.empty(); }};

TEST(ValueTableTest, ShareIsPerMilleAndTheOfficialFigureStandsBeside) {
  const Definition share{"one", 1, Unit::kPerMille, std::nullopt, std::nullopt, Disaggregation::kNone};
  indicators::v1::OfficialFigure same;
  same.set_indicator_id("one");
  same.set_school_year("2025/26");
  same.set_municipality("city");
  same.set_value(7);
  same.set_source("report");
  indicators::v1::OfficialFigure other = same;
  other.set_school_year("2022");
  const auto table =
      TableFor(kEverybody, share, {{{"one", 1, "2025/26", "city", "", ""}, {20, 250}}}, {same, other}, 5);
  ASSERT_EQ(table.size(), 2U);
  EXPECT_FALSE(table[0].computed());
  EXPECT_EQ(table[0].school_year(), "2022");
  EXPECT_EQ(table[0].official_value(), 7);
  EXPECT_TRUE(table[1].computed());
  EXPECT_EQ(table[1].value(), 80);
  EXPECT_EQ(table[1].official_value(), 7);
}

TEST(ValueTableTest, AMedianOfFewIsASmallCell) {
  const Definition hours{"one", 1, Unit::kHours, std::nullopt, std::nullopt, Disaggregation::kNone};
  const auto table = TableFor(
      kEverybody, hours,
      {{{"one", 1, "2024/25", "city", "", ""}, {40, 4}}, {{"one", 1, "2025/26", "city", "", ""}, {2, 5}}}, {}, 5);
  ASSERT_EQ(table.size(), 2U);
  EXPECT_TRUE(table[0].suppressed()) << "forty hours of four referrals";
  EXPECT_EQ(table[0].numerator(), 0U);
  EXPECT_FALSE(table[1].suppressed()) << "two hours of five";
  EXPECT_EQ(table[1].value(), 2);
  EXPECT_EQ(table[1].denominator(), 5U);
}

TEST(ValueTableTest, CsvQuotesWhatNeedsIt) {
  indicators::v1::Value value;
  value.set_indicator_id("one");
  value.set_definition_version(1);
  value.set_computed(true);
  value.set_numerator(3);
  value.set_value(3);
  value.set_official_value(2.5);
  value.set_official_source("a \"b\", c");
  const std::string csv = ToCsv({value});
  EXPECT_EQ(csv.substr(csv.find("\r\n") + 2), "one,1,,,,,3,0,3,true,false,2.5,\"a \"\"b\"\", c\"\r\n");
}

}  // namespace
}  // namespace tilts::indicator_aggregation
