#include "calendar/school_year.hpp"

#include <gtest/gtest.h>

namespace tilts::calendar {
namespace {

core::CityTime At(const char* text) {
  return core::ParseRfc3339(text).value();
}

TEST(SchoolYearTest, ChangesAtMidnightInRiga) {
  EXPECT_EQ(SchoolYearOf(At("2026-03-02T08:30:00Z")), "2025/26");
  EXPECT_EQ(SchoolYearOf(At("2026-08-31T20:59:59Z")), "2025/26");
  EXPECT_EQ(SchoolYearOf(At("2026-08-31T21:00:00Z")), "2026/27");
  EXPECT_EQ(SchoolYearOf(At("2000-01-01T00:00:00Z")), "1999/00");
}

}  // namespace
}  // namespace tilts::calendar
