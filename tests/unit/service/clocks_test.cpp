#include "service/clocks.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>

namespace tilts::service {
namespace {

void WriteMicros(const std::string& path, std::int64_t micros) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  if (!file) file.open(path, std::ios::out | std::ios::binary);
  file.write(reinterpret_cast<const char*>(&micros), sizeof(micros));
}

TEST(CityClockTest, FollowsTheFileWhenItIsStepped) {
  const std::string path = ::testing::TempDir() + "clocks_test_city_clock";
  std::remove(path.c_str());
  WriteMicros(path, 1'000'000);
  const auto clock = MakeCityClock(path, "test");
  ASSERT_TRUE(clock.has_value()) << clock.error().message;
  EXPECT_EQ(core::FormatRfc3339((*clock)->Now()), "1970-01-01T00:00:01Z");
  WriteMicros(path, 86'400'000'000);
  EXPECT_EQ(core::FormatRfc3339((*clock)->Now()), "1970-01-02T00:00:00Z");
}

TEST(CityClockTest, IsRefusedWhenProductionOrNotEightBytes) {
  const std::string path = ::testing::TempDir() + "clocks_test_short";
  std::ofstream(path) << "abc";
  EXPECT_EQ(MakeCityClock(path, "production").error().reason, "CITY_CLOCK");
  EXPECT_EQ(MakeCityClock(path, "demo").error().reason, "CITY_CLOCK");
  EXPECT_EQ(MakeCityClock(path + ".absent", "demo").error().reason, "CITY_CLOCK");
}

TEST(CityClockTest, IsTheSystemsWhenNoFileIsNamed) {
  const auto clock = MakeCityClock("", "production");
  ASSERT_TRUE(clock.has_value());
  EXPECT_GT((*clock)->Now(), core::ParseRfc3339("2020-01-01T00:00:00Z").value());
}

}  // namespace
}  // namespace tilts::service
