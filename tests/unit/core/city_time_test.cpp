#include "core/city_time.hpp"

#include <gtest/gtest.h>

namespace tilts::core {
namespace {

TEST(CityTimeTest, RoundTripsWhenUtc) {
  const auto time = ParseRfc3339("2026-03-02T08:30:00Z");
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(FormatRfc3339(*time), "2026-03-02T08:30:00Z");
}

TEST(CityTimeTest, KeepsMicrosecondsWhenGiven) {
  EXPECT_EQ(FormatRfc3339(ParseRfc3339("2026-03-02T08:30:00.25Z").value()), "2026-03-02T08:30:00.250000Z");
}

TEST(CityTimeTest, ConvertsToUtcWhenOffsetGiven) {
  EXPECT_EQ(FormatRfc3339(ParseRfc3339("2026-03-02T00:30:00+02:00").value()), "2026-03-01T22:30:00Z");
}

class BadTimeTest : public ::testing::TestWithParam<const char*> {};

TEST_P(BadTimeTest, IsRefusedAsInvalid) {
  const auto time = ParseRfc3339(GetParam());
  ASSERT_FALSE(time.has_value());
  EXPECT_EQ(time.error().code, Errc::kInvalid);
  EXPECT_EQ(time.error().reason, "TIME_FORMAT");
}

INSTANTIATE_TEST_SUITE_P(Texts, BadTimeTest,
                         ::testing::Values("", "2026-03-02", "2026-02-30T00:00:00Z", "2026-03-02T24:00:00Z",
                                           "2026-03-02T08:30:00", "2026-03-02T08:30:00.1234567Z",
                                           "2026-03-02T08:30:00Z ", "2026-03-02t08:30:00z", "2026-03-02T08:30:00.Z"));

}  // namespace
}  // namespace tilts::core
