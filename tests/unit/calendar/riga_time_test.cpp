#include "calendar/riga_time.hpp"

#include <gtest/gtest.h>

#include "calendar_files.hpp"

namespace tilts::calendar {
namespace {

using core::FormatRfc3339;
using testing::Day;
using testing::Riga;

TEST(RigaTimeTest, OffsetFollowsTheSeason) {
  EXPECT_EQ(FormatRfc3339(Riga("2026-01-15 12:00")), "2026-01-15T10:00:00Z");
  EXPECT_EQ(FormatRfc3339(Riga("2026-07-15 12:00")), "2026-07-15T09:00:00Z");
}

TEST(RigaTimeTest, SkippedWallClockTimeBecomesTheInstantOfTheChange) {
  EXPECT_EQ(FormatRfc3339(Riga("2026-03-29 03:30")), "2026-03-29T01:00:00Z");
}

TEST(RigaTimeTest, RepeatedWallClockTimeMeansItsFirstOccurrence) {
  EXPECT_EQ(FormatRfc3339(Riga("2026-10-25 03:30")), "2026-10-25T00:30:00Z");
}

TEST(RigaTimeTest, DaysOfChangeHaveTwentyThreeAndTwentyFiveHours) {
  EXPECT_EQ(EndOfDay(Day("2026-03-29")) - StartOfDay(Day("2026-03-29")), std::chrono::hours{23});
  EXPECT_EQ(EndOfDay(Day("2026-10-25")) - StartOfDay(Day("2026-10-25")), std::chrono::hours{25});
}

TEST(RigaTimeTest, DateIsTheLocalOneWhenUtcIsStillYesterday) {
  // 00:30 in Riga, 22:30 of the day before in UTC.
  EXPECT_EQ(FormatDate(RigaDate(core::ParseRfc3339("2026-05-11T21:30:00Z").value())), "2026-05-12");
}

TEST(RigaTimeTest, DateIsRefusedWhenItDoesNotExist) {
  EXPECT_FALSE(ParseDate("2026-02-29"));
  EXPECT_FALSE(ParseDate("2026-2-09"));
  EXPECT_FALSE(ParseDate("2026-02-0x"));
  EXPECT_EQ(FormatDate(Day("2028-02-29")), "2028-02-29");
}

}  // namespace
}  // namespace tilts::calendar
