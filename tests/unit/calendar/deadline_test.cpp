#include "calendar/deadline.hpp"

#include <gtest/gtest.h>

#include <array>

#include "calendar/open_time.hpp"
#include "calendar_files.hpp"

namespace tilts::calendar {
namespace {

using core::CityTime;
using testing::Day;
using testing::Load;
using testing::Riga;

// The last day of a term; Due is its 24:00.
std::string DueDay(const Deadline& deadline, const std::string& from, const std::string& calendar) {
  const auto due = Due(deadline, Riga(from), Load(calendar));
  if (!due) return due.error().reason;
  const LocalDate day = RigaDate(*due - std::chrono::microseconds{1});
  return *due == EndOfDay(day) ? FormatDate(day) : "not at 24:00";
}

struct Vector {
  const char* received;
  const char* state;
  const char* municipal;
};

class TwoWorkingDaysTest : public ::testing::TestWithParam<Vector> {};

TEST_P(TwoWorkingDaysTest, EndsOnTheDayOfTheTable) {
  const Deadline two_days{DeadlineKind::kWorkingDays, 2, ""};
  for (const char* hour : {" 00:00", " 10:00", " 23:59"}) {
    EXPECT_EQ(DueDay(two_days, std::string(GetParam().received) + hour, "state"), GetParam().state);
    EXPECT_EQ(DueDay(two_days, std::string(GetParam().received) + hour, "municipal"), GetParam().municipal);
  }
}

INSTANTIATE_TEST_SUITE_P(RealYears, TwoWorkingDaysTest,
                         ::testing::Values(Vector{"2024-05-03", "2024-05-08", "2024-05-08"},
                                           Vector{"2024-12-20", "2024-12-28", "2024-12-27"},
                                           Vector{"2025-04-30", "2025-05-07", "2025-05-06"},
                                           Vector{"2025-11-07", "2025-11-10", "2025-11-11"},
                                           Vector{"2025-11-14", "2025-11-20", "2025-11-19"},
                                           Vector{"2025-12-23", "2025-12-30", "2025-12-30"},
                                           Vector{"2026-01-16", "2026-01-19", "2026-01-20"},
                                           Vector{"2026-04-02", "2026-04-08", "2026-04-08"},
                                           Vector{"2026-06-19", "2026-06-26", "2026-06-25"},
                                           Vector{"2023-07-07", "2023-07-12", "2023-07-12"}));

TEST(DeadlineTest, SameDayEndsAtMidnightAlsoOnADayOff) {
  EXPECT_EQ(DueDay({DeadlineKind::kSameDay, 0, ""}, "2026-05-09 22:10", "municipal"), "2026-05-09");
}

TEST(DeadlineTest, CalendarDaysMoveOffADayOff) {
  // Ten days from Wednesday 23 April 2025 end on Saturday 3 May; 4 May is a Sunday, so Monday 5 is off too.
  EXPECT_EQ(DueDay({DeadlineKind::kCalendarDays, 10, ""}, "2025-04-23 09:00", "municipal"), "2025-05-06");
  EXPECT_EQ(DueDay({DeadlineKind::kCalendarDays, 10, ""}, "2025-04-21 09:00", "state"), "2025-05-06");
}

TEST(DeadlineTest, MonthsEndOnTheLastDayOfAShorterMonth) {
  EXPECT_EQ(DueDay({DeadlineKind::kMonths, 1, ""}, "2028-01-31 09:00", "municipal"), "2028-02-29");
  EXPECT_EQ(DueDay({DeadlineKind::kMonths, 1, ""}, "2026-01-31 09:00", "municipal"), "2026-03-02");
  EXPECT_EQ(DueDay({DeadlineKind::kMonths, 2, ""}, "2025-11-17 09:00", "municipal"), "2026-01-19");
}

TEST(DeadlineTest, ClockRunsDayAndNightAcrossTheChangeOfTime) {
  const auto due = Due({DeadlineKind::kClock, 24 * 3600, ""}, Riga("2026-03-28 12:00"), Load("state"));
  ASSERT_TRUE(due);
  EXPECT_EQ(*due, Riga("2026-03-29 13:00"));
  EXPECT_EQ(*Due({DeadlineKind::kClock, 120, ""}, Riga("2026-12-25 23:59"), Load("state")), Riga("2026-12-26 00:01"));
}

TEST(DeadlineTest, WorkingDaysEndAtLocalMidnightOnTheDaysOfChange) {
  // The end of Friday before the change is 22:00 UTC, of the Monday after it 21:00 UTC.
  const Deadline one_day{DeadlineKind::kWorkingDays, 1, ""};
  EXPECT_EQ(core::FormatRfc3339(*Due(one_day, Riga("2026-03-26 10:00"), Load("state"))), "2026-03-27T22:00:00Z");
  EXPECT_EQ(core::FormatRfc3339(*Due(one_day, Riga("2026-03-27 10:00"), Load("state"))), "2026-03-30T21:00:00Z");
  EXPECT_EQ(core::FormatRfc3339(*Due(one_day, Riga("2026-10-23 10:00"), Load("state"))), "2026-10-26T22:00:00Z");
}

TEST(DeadlineTest, SchoolDaysSkipBreaks) {
  EXPECT_EQ(DueDay({DeadlineKind::kSchoolDays, 3, ""}, "2024-10-17 09:00", "schools"), "2024-10-29");
  EXPECT_EQ(DueDay({DeadlineKind::kSchoolDays, 1, ""}, "2025-05-30 09:00", "schools"), "2025-09-01");
}

TEST(DeadlineTest, EndOfSchoolDayMovesToTheNextSchoolDayWhenTheDayIsOver) {
  const Deadline today{DeadlineKind::kEndOfSchoolDay, 0, ""};
  EXPECT_EQ(*Due(today, Riga("2024-10-18 09:00"), Load("schools")), Riga("2024-10-18 18:00"));
  EXPECT_EQ(*Due(today, Riga("2024-10-18 18:00"), Load("schools")), Riga("2024-10-28 18:00"));
}

TEST(DeadlineTest, RefusedWhenTheCalendarDoesNotSuit) {
  EXPECT_EQ(DueDay({DeadlineKind::kSchoolDays, 1, ""}, "2026-03-02 09:00", "state"), "DEADLINE_CALENDAR");
  EXPECT_EQ(DueDay({DeadlineKind::kWorkingDays, 1, ""}, "2026-03-02 09:00", "schools"), "DEADLINE_CALENDAR");
  EXPECT_EQ(DueDay({DeadlineKind::kWorkingDays, 1, "state"}, "2026-03-02 09:00", "municipal"), "DEADLINE_CALENDAR");
  EXPECT_EQ(DueDay({DeadlineKind::kWorkingDays, 5, "state"}, "2028-12-29 09:00", "state"), "CALENDAR_RANGE");
  EXPECT_EQ(DueDay({DeadlineKind::kWorkingDays, -1, ""}, "2026-03-02 09:00", "state"), "DEADLINE_AMOUNT");
  EXPECT_EQ(DueDay({DeadlineKind::kSameDay, 1, ""}, "2026-03-02 09:00", "state"), "DEADLINE_AMOUNT");
}

TEST(DeadlineTest, HoldOverAWeekendGrantsNothing) {
  const Deadline five_days{DeadlineKind::kWorkingDays, 5, ""};
  const std::array<Hold, 1> weekend{Hold{Riga("2026-05-15 17:00"), Riga("2026-05-18 09:00")}};
  EXPECT_EQ(*Due(five_days, Riga("2026-05-13 10:00"), Load("state"), weekend), EndOfDay(Day("2026-05-20")));
}

TEST(DeadlineTest, HoldGrantsItsWholeDaysAndKeepsThemWhenTheTermChanges) {
  const std::array<Hold, 2> holds{Hold{Riga("2026-05-14 12:00"), Riga("2026-05-18 12:00")},   // Friday lies inside
                                  Hold{Riga("2026-05-19 09:00"), Riga("2026-05-22 09:00")}};  // Wednesday, Thursday
  const CityTime from = Riga("2026-05-13 10:00");
  EXPECT_EQ(*Due({DeadlineKind::kWorkingDays, 5, ""}, from, Load("state"), holds), EndOfDay(Day("2026-05-25")));
  EXPECT_EQ(*Due({DeadlineKind::kWorkingDays, 3, ""}, from, Load("state"), holds), EndOfDay(Day("2026-05-21")));
  EXPECT_EQ(*Due({DeadlineKind::kClock, 3600, ""}, from, Load("state"), holds), from + std::chrono::hours{1 + 96 + 72});
  // Six calendar days from 19 to 25 May: 15 to 17 and 20 to 21 May lie inside the holds.
  EXPECT_EQ(*Due({DeadlineKind::kCalendarDays, 7, ""}, from, Load("state"), holds), EndOfDay(Day("2026-05-25")));
}

TEST(DeadlineTest, RungsOpenTheDayThatReachesTheShare) {
  const Deadline five_days{DeadlineKind::kWorkingDays, 5, ""};
  const CityTime from = Riga("2026-05-08 16:45");  // Friday
  EXPECT_EQ(*RungTime(50, five_days, from, Load("state")), Riga("2026-05-13 08:30"));
  EXPECT_EQ(*RungTime(90, five_days, from, Load("state")), Riga("2026-05-15 08:30"));
  EXPECT_EQ(*RungTime(50, {DeadlineKind::kWorkingDays, 10, ""}, from, Load("state")), Riga("2026-05-15 08:30"));
  EXPECT_EQ(*RungTime(90, {DeadlineKind::kWorkingDays, 10, ""}, from, Load("state")), Riga("2026-05-21 08:30"));
  EXPECT_EQ(*RungTime(1, {DeadlineKind::kWorkingDays, 30, ""}, from, Load("state")), Riga("2026-05-11 08:30"));
}

TEST(DeadlineTest, RungsOfAClockTermAreAShareOfItsTime) {
  EXPECT_EQ(*RungTime(50, {DeadlineKind::kClock, 900, ""}, Riga("2026-12-25 02:00"), Load("state")),
            Riga("2026-12-25 02:07") + std::chrono::seconds{30});
}

TEST(DeadlineTest, KindsHaveNames) {
  EXPECT_EQ(ParseDeadlineKind("END_OF_SCHOOL_DAY"), DeadlineKind::kEndOfSchoolDay);
  EXPECT_EQ(ToString(DeadlineKind::kMonths), "MONTHS");
  EXPECT_FALSE(ParseDeadlineKind("FORTNIGHTS"));
}

TEST(DeadlineTest, TermOfARunningProcessMovesWithTheTimePassedIn) {
  const Calendar& municipal = Load("municipal");
  const LocalDate first = *municipal.AddWorkingDays(RigaDate(Riga("2026-03-02 09:00")), -15);
  const LocalDate thirty_days_later = *municipal.AddWorkingDays(RigaDate(Riga("2026-04-01 09:00")), -15);
  EXPECT_EQ(first, Day("2026-02-09"));
  EXPECT_EQ(thirty_days_later, Day("2026-03-11"));
}

}  // namespace
}  // namespace tilts::calendar
