#include "city_simulator/time/working_days.hpp"

#include <algorithm>
#include <array>

namespace tilts::city_simulator {
namespace {

using std::chrono::days;
using std::chrono::May;
using std::chrono::month_day;
using std::chrono::Saturday;
using std::chrono::Sunday;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;

// Gregorian computus in Butcher's form.
Day EasterSunday(year in) {
  const int y = static_cast<int>(in);
  const int golden = y % 19, century = y / 100, of_century = y % 100;
  const int leap_centuries = century / 4, century_rest = century % 4;
  const int moon = (century + 8) / 25, correction = (century - moon + 1) / 3;
  const int epact = (19 * golden + century - leap_centuries - correction + 15) % 30;
  const int weekday_step = (32 + 2 * century_rest + 2 * (of_century / 4) - epact - of_century % 4) % 7;
  const int late = (golden + 11 * epact + 22 * weekday_step) / 451;
  const int sum = epact + weekday_step - 7 * late + 114;
  return Day{in / std::chrono::month{static_cast<unsigned>(sum / 31)} /
             std::chrono::day{static_cast<unsigned>(sum % 31 + 1)}};
}

bool IsWeekend(Day day) {
  return weekday{day} == Saturday || weekday{day} == Sunday;
}

bool IsFixedHoliday(year_month_day date) {
  static constexpr std::array<std::array<unsigned, 2>, 10> kFixed = {
      {{1, 1}, {5, 1}, {5, 4}, {6, 23}, {6, 24}, {11, 18}, {12, 24}, {12, 25}, {12, 26}, {12, 31}}};
  return std::any_of(kFixed.begin(), kFixed.end(), [&](const auto& fixed) {
    return unsigned{date.month()} == fixed[0] && unsigned{date.day()} == fixed[1];
  });
}

bool IsMovableHoliday(Day day) {
  const year_month_day date{day};
  const Day easter = EasterSunday(date.year());
  return day == easter - days{2} || day == easter || day == easter + days{1} || day == easter + days{49} ||
         day == Day{date.year() / May / Sunday[2]} || day == Day{year{2023} / 7 / 9};  // the festival's closing day
}

// Only these shift to the next working day when they fall on a weekend.
bool ShiftsFromWeekend(Day day) {
  const year_month_day date{day};
  const month_day of_year{date.month(), date.day()};
  return of_year == May / 4 || of_year == std::chrono::November / 18 || date == year{2023} / 7 / 9;
}

struct Moved {
  int year;
  unsigned off_month, off_day, worked_month, worked_day;
};
// Cabinet orders on moved working days.
constexpr std::array<Moved, 7> kMoved = {{{2023, 5, 5, 5, 20},
                                          {2024, 12, 23, 12, 14},
                                          {2024, 12, 30, 12, 28},
                                          {2025, 5, 2, 5, 10},
                                          {2025, 11, 17, 11, 8},
                                          {2026, 1, 2, 1, 17},
                                          {2026, 6, 22, 6, 27}}};

bool Matches(Day day, int in, unsigned month, unsigned of_month) {
  return day == Day{year{in} / std::chrono::month{month} / std::chrono::day{of_month}};
}

}  // namespace

bool IsHoliday(Day day) {
  if (IsFixedHoliday(year_month_day{day}) || IsMovableHoliday(day)) return true;
  if (IsWeekend(day)) return false;
  // A shifted holiday lands on the first day after the weekend that is not a holiday itself.
  for (Day earlier = day - days{1}; earlier >= day - days{4}; earlier -= days{1}) {
    if (IsWeekend(earlier) && ShiftsFromWeekend(earlier)) return true;
    if (!IsWeekend(earlier) && !IsFixedHoliday(year_month_day{earlier}) && !IsMovableHoliday(earlier)) return false;
  }
  return false;
}

bool IsWorkingDay(Follows follows, Day day) {
  if (follows == Follows::kState) {
    for (const Moved& moved : kMoved) {
      if (Matches(day, moved.year, moved.off_month, moved.off_day)) return false;
      if (Matches(day, moved.year, moved.worked_month, moved.worked_day)) return true;
    }
  }
  return !IsWeekend(day) && !IsHoliday(day);
}

Day NextWorkingDay(Follows follows, Day day) {
  do day += days{1};
  while (!IsWorkingDay(follows, day));
  return day;
}

Day AddWorkingDays(Follows follows, Day received, int count) {
  Day day = received;
  for (int passed = 0; passed < count; ++passed) day = NextWorkingDay(follows, day);
  return day;
}

}  // namespace tilts::city_simulator
