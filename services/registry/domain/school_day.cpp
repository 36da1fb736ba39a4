#include "registry/domain/school_day.hpp"

#include <algorithm>

namespace tilts::registry {

using calendar::LocalDate;
using std::chrono::days;

core::Result<SchoolDay> DescribeSchoolDay(const calendar::Calendar& schools, LocalDate day) {
  TILTS_ASSIGN(const bool taught, schools.IsWorkingDay(day));
  const auto semester = schools.SemesterAt(day);
  if (!taught || !semester) {
    return core::Fail(core::Errc::kInvalid, "not a school day: " + calendar::FormatDate(day), "SCHOOL_DAY");
  }
  SchoolDay described{
      day, semester->school_year, static_cast<unsigned>(semester->number), semester->dates.from, semester->dates.from,
      0};
  for (const calendar::Semester& one : schools.semesters()) {
    if (one.school_year == semester->school_year) {
      described.school_year_from = std::min(described.school_year_from, one.dates.from);
    }
  }
  TILTS_ASSIGN(const int number, schools.CountWorkingDays(described.school_year_from - days{1}, day));
  described.number_of_year = static_cast<unsigned>(number);
  return described;
}

core::CityTime ClosesAt(LocalDate day, unsigned hour) {
  return calendar::FromRiga(calendar::LocalTime(day) + std::chrono::hours(hour));
}

std::optional<LocalDate> FirstDayToClose(const calendar::Calendar& schools, core::CityTime now, unsigned hour) {
  const LocalDate today = calendar::RigaDate(now);
  const LocalDate from = now < ClosesAt(today, hour) ? today : today + days{1};
  const auto first = schools.AddWorkingDays(from, 0);
  return first ? std::optional(*first) : std::nullopt;
}

std::optional<LocalDate> DayToCloseAfter(const calendar::Calendar& schools, LocalDate closed) {
  const auto next = schools.AddWorkingDays(closed, 1);
  return next ? std::optional(*next) : std::nullopt;
}

ClosingBacklog CountClosings(const calendar::Calendar& schools, std::optional<LocalDate> next, core::CityTime now,
                             unsigned hour) {
  ClosingBacklog backlog;
  while (next && ClosesAt(*next, hour) <= now) {
    ++backlog.due;
    next = DayToCloseAfter(schools, *next);
  }
  if (next) backlog.next_due_at = ClosesAt(*next, hour);
  return backlog;
}

}  // namespace tilts::registry
