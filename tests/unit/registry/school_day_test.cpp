#include "registry/domain/school_day.hpp"

#include <gtest/gtest.h>

#include "registry/adapters/data_files.hpp"

namespace tilts::registry {
namespace {

constexpr unsigned kHour = 20;

calendar::Calendar Schools() {
  return SchoolCalendar(LoadCalendars(std::string(TILTS_SOURCE_DIR) + "/services/registry/data/calendars").value())
      .value();
}

calendar::LocalDate Date(const char* text) {
  return calendar::ParseDate(text).value();
}

core::CityTime At(const char* text) {
  return core::ParseRfc3339(text).value();
}

TEST(SchoolDayTest, IsCountedFromTheFirstDayOfItsYear) {
  const auto first = DescribeSchoolDay(Schools(), Date("2024-09-02"));
  ASSERT_TRUE(first);
  EXPECT_EQ(*first, (SchoolDay{Date("2024-09-02"), "2024/25", 1, Date("2024-09-02"), Date("2024-09-02"), 1}));
  const auto second = DescribeSchoolDay(Schools(), Date("2024-09-03"));
  EXPECT_EQ(second->number_of_year, 2U);
}

TEST(SchoolDayTest, SecondSemesterKeepsTheYearsFirstDayAndGoesOnCounting) {
  const auto last_of_first = DescribeSchoolDay(Schools(), Date("2024-12-20"));
  const auto day = DescribeSchoolDay(Schools(), Date("2025-01-06"));
  ASSERT_TRUE(day);
  EXPECT_EQ(day->semester, 2U);
  EXPECT_EQ(day->semester_from, Date("2025-01-06"));
  EXPECT_EQ(day->school_year_from, Date("2024-09-02"));
  EXPECT_EQ(day->number_of_year, last_of_first->number_of_year + 1);
}

TEST(SchoolDayTest, WeekendBreakAndTheLaterEndOfAGradeAreNoSchoolDays) {
  for (const char* date : {"2024-09-07", "2024-10-22", "2025-06-02"}) {
    EXPECT_EQ(DescribeSchoolDay(Schools(), Date(date)).error().reason, "SCHOOL_DAY") << date;
  }
}

TEST(SchoolDayTest, ClosesAtTheHourOfRigaInSummerAndInWinter) {
  EXPECT_EQ(ClosesAt(Date("2025-09-01"), kHour), At("2025-09-01T17:00:00Z"));
  EXPECT_EQ(ClosesAt(Date("2025-11-03"), kHour), At("2025-11-03T18:00:00Z"));
}

TEST(SchoolDayTest, RegisterBegunBeforeTheHourClosesTheSameDay) {
  EXPECT_EQ(FirstDayToClose(Schools(), At("2025-09-01T05:00:00Z"), kHour), Date("2025-09-01"));
  EXPECT_EQ(FirstDayToClose(Schools(), At("2025-09-01T16:59:59Z"), kHour), Date("2025-09-01"));
}

TEST(SchoolDayTest, RegisterBegunLaterStartsWithTheNextSchoolDay) {
  EXPECT_EQ(FirstDayToClose(Schools(), At("2025-09-01T17:00:00Z"), kHour), Date("2025-09-02"));
  EXPECT_EQ(FirstDayToClose(Schools(), At("2025-07-15T09:00:00Z"), kHour), Date("2025-09-01"));
  EXPECT_EQ(FirstDayToClose(Schools(), At("2026-01-30T19:00:00Z"), kHour), Date("2026-02-02"));
}

TEST(SchoolDayTest, NothingIsToCloseBeyondTheCalendar) {
  EXPECT_EQ(FirstDayToClose(Schools(), At("2027-06-01T09:00:00Z"), kHour), std::nullopt);
  EXPECT_EQ(FirstDayToClose(Schools(), At("2040-01-01T09:00:00Z"), kHour), std::nullopt);
  EXPECT_EQ(DayToCloseAfter(Schools(), Date("2027-05-31")), std::nullopt);
  EXPECT_EQ(DayToCloseAfter(Schools(), Date("2025-12-19")), Date("2026-01-05"));
}

TEST(SchoolDayTest, BacklogCountsWhatIsDueAndNamesTheNextClose) {
  // Friday closed; now it is Wednesday after the hour.
  const auto backlog = CountClosings(Schools(), Date("2025-09-08"), At("2025-09-10T17:00:00Z"), kHour);
  EXPECT_EQ(backlog.due, 3U);
  EXPECT_EQ(backlog.next_due_at, At("2025-09-11T17:00:00Z"));
  EXPECT_EQ(CountClosings(Schools(), std::nullopt, At("2025-09-10T17:00:00Z"), kHour).next_due_at, std::nullopt);
}

}  // namespace
}  // namespace tilts::registry
