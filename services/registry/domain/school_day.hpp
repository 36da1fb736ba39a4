#pragma once

#include <optional>
#include <string>

#include "calendar/calendar.hpp"
#include "core/city_time.hpp"
#include "core/result.hpp"

namespace tilts::registry {

// One day of the school calendar as facts and scores count it. Ends of single grades that learn longer are left out:
// the days of a year are the same for everybody.
struct SchoolDay {
  calendar::LocalDate day;
  std::string school_year;  // "2025/26"
  unsigned semester = 0;    // 1 or 2
  calendar::LocalDate semester_from;
  calendar::LocalDate school_year_from;  // first day of the year's first semester
  unsigned number_of_year = 0;           // 1 for the year's first school day

  bool operator==(const SchoolDay&) const = default;
};

// kInvalid CALENDAR_RANGE or SCHOOL_DAY: the calendar does not know it as a school day.
core::Result<SchoolDay> DescribeSchoolDay(const calendar::Calendar& schools, calendar::LocalDate day);

// `hour` local time of that day.
core::CityTime ClosesAt(calendar::LocalDate day, unsigned hour);

// The first day a register that begins now closes: the earliest one whose close is still ahead. Days before it were
// never announced to anybody, so a start in the middle of a year owes nothing for them. Nothing: beyond the calendar.
std::optional<calendar::LocalDate> FirstDayToClose(const calendar::Calendar& schools, core::CityTime now,
                                                   unsigned hour);

// The school day after `closed`; nothing: beyond the calendar.
std::optional<calendar::LocalDate> DayToCloseAfter(const calendar::Calendar& schools, calendar::LocalDate closed);

struct ClosingBacklog {
  unsigned due = 0;                           // days whose close has come
  std::optional<core::CityTime> next_due_at;  // the first close still ahead; nothing: beyond the calendar
};

// What waits from `next` on.
ClosingBacklog CountClosings(const calendar::Calendar& schools, std::optional<calendar::LocalDate> next,
                             core::CityTime now, unsigned hour);

}  // namespace tilts::registry
