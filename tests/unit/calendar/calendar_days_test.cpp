#include <gtest/gtest.h>

#include <set>

#include "calendar/calendar.hpp"
#include "calendar_files.hpp"

namespace tilts::calendar {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::year;
using testing::Day;
using testing::Load;

// Easter by the anonymous Gregorian computus, independent of the data.
LocalDate Easter(int y) {
  const int a = y % 19, b = y / 100, c = y % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
  return LocalDate{year{y} / month{static_cast<unsigned>(n / 31)} / day{static_cast<unsigned>(n % 31 + 1)}};
}

bool IsWeekend(LocalDate date) {
  return WeekdayIndex(date) >= 5;
}

LocalDate OffTheWeekend(LocalDate date) {
  while (IsWeekend(date)) date += days{1};
  return date;
}

// The holidays that the law itself gives for a year.
std::set<LocalDate> HolidaysByLaw(int y) {
  const LocalDate easter = Easter(y);
  const auto on = [&](unsigned m, unsigned d) { return LocalDate{year{y} / month{m} / day{d}}; };
  return {on(1, 1),
          easter - days{2},
          easter,
          easter + days{1},
          easter + days{49},
          on(5, 1),
          on(5, 4),
          on(6, 23),
          on(6, 24),
          on(11, 18),
          on(12, 24),
          on(12, 25),
          on(12, 26),
          on(12, 31),
          OffTheWeekend(on(5, 4)),
          OffTheWeekend(on(11, 18))};
}

TEST(CalendarDaysTest, MunicipalDaysOffAreWeekendsAndTheHolidaysOfTheLaw) {
  std::set<LocalDate> expected;
  for (int y = 2023; y <= 2028; ++y) expected.merge(HolidaysByLaw(y));
  expected.insert({Day("2023-05-29"), Day("2023-07-10")});
  const Calendar& municipal = Load("municipal");
  for (LocalDate date = municipal.covers().from; date <= municipal.covers().to; date += days{1}) {
    EXPECT_EQ(*municipal.IsWorkingDay(date), !IsWeekend(date) && !expected.contains(date)) << FormatDate(date);
  }
}

TEST(CalendarDaysTest, StateDiffersFromMunicipalExactlyByTheMovedDays) {
  std::set<std::string> different;
  const Calendar& state = Load("state");
  for (LocalDate date = state.covers().from; date <= state.covers().to; date += days{1}) {
    if (*state.IsWorkingDay(date) != *Load("municipal").IsWorkingDay(date)) different.insert(FormatDate(date));
  }
  EXPECT_EQ(different, (std::set<std::string>{"2023-05-05", "2023-05-20", "2024-12-14", "2024-12-23", "2024-12-28",
                                              "2024-12-30", "2025-05-02", "2025-05-10", "2025-11-08", "2025-11-17",
                                              "2026-01-02", "2026-01-17", "2026-06-22", "2026-06-27"}));
}

TEST(CalendarDaysTest, SaturdayWorkedInsteadHasTheHoursOfTheDayItReplaces) {
  // Saturday 10 May 2025 stands for Friday 2 May: Friday closes at 16:00.
  const auto hours = Load("state").OfficeHours(Day("2025-05-10"));
  ASSERT_TRUE(hours);
  ASSERT_EQ(hours->size(), 1U);
  EXPECT_EQ(hours->front().closes, std::chrono::hours{16});
}

TEST(CalendarDaysTest, AddWorkingDaysGoesBothWays) {
  const Calendar& municipal = Load("municipal");
  EXPECT_EQ(*municipal.AddWorkingDays(Day("2026-04-02"), 2), Day("2026-04-08"));
  EXPECT_EQ(*municipal.AddWorkingDays(Day("2026-04-08"), -2), Day("2026-04-02"));
  EXPECT_EQ(*municipal.AddWorkingDays(Day("2026-04-03"), 0), Day("2026-04-07"));
  EXPECT_EQ(*municipal.AddWorkingDays(Day("2026-04-07"), 0), Day("2026-04-07"));
}

TEST(CalendarDaysTest, CountWorkingDaysLeavesTheFirstDayOut) {
  const Calendar& municipal = Load("municipal");
  EXPECT_EQ(*municipal.CountWorkingDays(Day("2026-04-02"), Day("2026-04-08")), 2);
  EXPECT_EQ(*municipal.CountWorkingDays(Day("2026-04-08"), Day("2026-04-02")), 0);
}

TEST(CalendarDaysTest, RefusedWhenTheYearIsNotCovered) {
  const auto unknown = Load("state").IsWorkingDay(Day("2029-01-03"));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().reason, "CALENDAR_RANGE");
  EXPECT_FALSE(Load("state").AddWorkingDays(Day("2028-12-29"), 5));
  EXPECT_FALSE(Load("state").AddWorkingDays(Day("2023-01-03"), -5));
}

TEST(CalendarDaysTest, SchoolDaysLeaveOutBreaksHolidaysAndSummer) {
  const Calendar& schools = Load("schools");
  EXPECT_TRUE(*schools.IsWorkingDay(Day("2024-10-18")));
  EXPECT_FALSE(*schools.IsWorkingDay(Day("2024-10-21")));
  EXPECT_FALSE(*schools.IsWorkingDay(Day("2024-11-18")));
  EXPECT_FALSE(*schools.IsWorkingDay(Day("2024-12-23")));
  EXPECT_FALSE(*schools.IsWorkingDay(Day("2025-07-01")));
  EXPECT_EQ(*schools.AddWorkingDays(Day("2025-05-30"), 1), Day("2025-09-01"));
}

TEST(CalendarDaysTest, GradeNineAndTwelveLearnLonger) {
  const Calendar& schools = Load("schools");
  EXPECT_FALSE(*schools.IsSchoolDay(Day("2025-06-10"), 8));
  EXPECT_TRUE(*schools.IsSchoolDay(Day("2025-06-10"), 9));
  EXPECT_FALSE(*schools.IsSchoolDay(Day("2025-06-16"), 9));
  EXPECT_TRUE(*schools.IsSchoolDay(Day("2025-06-16"), 12));
  EXPECT_FALSE(*schools.IsSchoolDay(Day("2025-06-08"), 12));
}

TEST(CalendarDaysTest, SemesterIsFoundInABreakAndNotBetweenSemesters) {
  const Calendar& schools = Load("schools");
  ASSERT_TRUE(schools.SemesterAt(Day("2024-10-22")));
  EXPECT_EQ(schools.SemesterAt(Day("2024-10-22"))->number, 1);
  EXPECT_FALSE(schools.SemesterAt(Day("2024-10-22"))->assumed);
  EXPECT_TRUE(schools.SemesterAt(Day("2026-02-02"))->assumed);
  EXPECT_FALSE(schools.SemesterAt(Day("2024-12-30")));
}

TEST(CalendarDaysTest, WindowOfFourSchoolWeeksSkipsTheBreak) {
  // Twenty school days back from Monday 4 November 2024; the autumn break does not count.
  EXPECT_EQ(*Load("schools").AddWorkingDays(Day("2024-11-04"), -20), Day("2024-09-30"));
}

}  // namespace
}  // namespace tilts::calendar
