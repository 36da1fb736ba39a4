#include "calendar/open_time.hpp"

#include <gtest/gtest.h>

#include "calendar_files.hpp"

namespace tilts::calendar {
namespace {

using core::CityTime;
using std::chrono::hours;
using testing::Load;
using testing::Riga;

Calendar WithDay(const std::string& intervals, bool round_the_clock = false) {
  std::string week;
  for (const char* day : {"MON", "TUE", "WED", "THU", "FRI"}) {
    week += std::string(week.empty() ? "" : ", ") + "\"" + day + "\": " + intervals;
  }
  const auto parsed =
      ParseDutyHours("{\"week\": {" + week + "}, \"round_the_clock\": " + (round_the_clock ? "true" : "false") + "}");
  return Load("municipal").WithHours(parsed.value()).value();
}

TEST(OpenTimeTest, BudgetGoesOnTheNextMorning) {
  // Monday 17:00, open 08 to 18, four hours: Tuesday 11:00; the warning an hour before it is at 10:00.
  const Calendar calendar = WithDay(R"([["08:00", "18:00"]])");
  const CityTime due = *AddOpenTime(Riga("2026-03-02 17:00"), hours{4}, calendar);
  EXPECT_EQ(due, Riga("2026-03-03 11:00"));
  EXPECT_EQ(*SubtractOpenTime(due, hours{1}, calendar), Riga("2026-03-03 10:00"));
  EXPECT_EQ(*SubtractOpenTime(due, hours{4}, calendar), Riga("2026-03-02 17:00"));
}

TEST(OpenTimeTest, ClockStartsAtTheNextOpeningOutsideHours) {
  const Calendar calendar = WithDay(R"([["08:00", "18:00"]])");
  EXPECT_EQ(*AddOpenTime(Riga("2026-03-02 23:00"), hours{1}, calendar), Riga("2026-03-03 09:00"));
  EXPECT_EQ(*AddOpenTime(Riga("2026-03-02 23:00"), hours{0}, calendar), Riga("2026-03-03 08:00"));
}

TEST(OpenTimeTest, ReminderAtMidnightOrOnSundayMovesToTheNextOpening) {
  const Calendar calendar = WithDay(R"([["08:00", "18:00"]])");
  EXPECT_EQ(*NextOpening(Riga("2026-03-03 00:00"), calendar), Riga("2026-03-03 08:00"));
  EXPECT_EQ(*NextOpening(Riga("2026-03-08 12:00"), calendar), Riga("2026-03-09 08:00"));
  EXPECT_EQ(*NextOpening(Riga("2026-03-09 09:15"), calendar), Riga("2026-03-09 09:15"));
  EXPECT_EQ(*NextOpening(Riga("2026-04-02 18:00"), calendar), Riga("2026-04-07 08:00"));
}

TEST(OpenTimeTest, LunchDoesNotCount) {
  const Calendar calendar = WithDay(R"([["08:00", "12:00"], ["13:00", "17:00"]])");
  EXPECT_EQ(*AddOpenTime(Riga("2026-03-02 11:00"), hours{2}, calendar), Riga("2026-03-02 14:00"));
  EXPECT_EQ(*OpenTimeBetween(Riga("2026-03-02 11:00"), Riga("2026-03-02 14:00"), calendar), hours{2});
  EXPECT_FALSE(*IsOpen(Riga("2026-03-02 12:30"), calendar));
}

TEST(OpenTimeTest, FortyEightHoursAcrossTwoHolidaysAndAWeekendTakeSixDays) {
  // A round-the-clock week: Thursday noon, Friday and Monday are holidays (Easter 2026).
  const Calendar calendar = WithDay(R"([["00:00", "24:00"]])");
  EXPECT_EQ(*AddOpenTime(Riga("2026-04-02 12:00"), hours{48}, calendar), Riga("2026-04-08 12:00"));
}

TEST(OpenTimeTest, HoldOverAWeekendUsesNoOfficeTime) {
  const Calendar calendar = WithDay(R"([["08:00", "18:00"]])");
  EXPECT_EQ(*OpenTimeBetween(Riga("2026-03-06 18:00"), Riga("2026-03-09 08:00"), calendar), hours{0});
}

TEST(OpenTimeTest, OfficeDayIsTheLocalOneSoonAfterMidnight) {
  // 00:30 on Tuesday in Riga is Monday in UTC; the office opens on Tuesday.
  const CityTime half_past_midnight = core::ParseRfc3339("2026-03-02T22:30:00Z").value();
  EXPECT_EQ(*NextOpening(half_past_midnight, WithDay(R"([["08:00", "18:00"]])")), Riga("2026-03-03 08:00"));
}

TEST(OpenTimeTest, RoundTheClockAnswersAtNightButRemindersKeepOfficeHours) {
  const Calendar police = WithDay(R"([["08:30", "17:00"]])", true);
  EXPECT_TRUE(*IsOpen(Riga("2026-12-25 03:00"), police));
  EXPECT_EQ(*OpeningOfWorkingDay(Riga("2026-12-23 20:00"), 1, police), Riga("2026-12-28 08:30"));
  EXPECT_FALSE(*IsOpen(Riga("2026-12-25 03:00"), WithDay(R"([["08:30", "17:00"]])")));
}

TEST(OpenTimeTest, ClosingIsTheEndOfTheLastInterval) {
  const Calendar calendar = WithDay(R"([["08:00", "12:00"], ["13:00", "17:00"]])");
  EXPECT_EQ(*NextClosing(Riga("2026-03-02 12:30"), calendar), Riga("2026-03-02 17:00"));
  EXPECT_EQ(*NextClosing(Riga("2026-03-06 17:00"), calendar), Riga("2026-03-09 17:00"));
}

TEST(OpenTimeTest, RefusedInsteadOfEndlessWhenTheCalendarEnds) {
  EXPECT_EQ(NextOpening(Riga("2028-12-31 10:00"), Load("state")).error().reason, "CALENDAR_RANGE");
  EXPECT_EQ(AddOpenTime(Riga("2028-12-28 10:00"), hours{100}, Load("state")).error().reason, "CALENDAR_RANGE");
  EXPECT_EQ(SubtractOpenTime(Riga("2023-01-02 10:00"), hours{100}, Load("state")).error().reason, "CALENDAR_RANGE");
  EXPECT_FALSE(AddOpenTime(Riga("2026-03-02 10:00"), hours{-1}, Load("state")));
  EXPECT_FALSE(OpeningOfWorkingDay(Riga("2026-03-02 10:00"), 0, Load("state")));
}

}  // namespace
}  // namespace tilts::calendar
