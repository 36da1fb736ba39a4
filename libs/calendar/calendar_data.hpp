#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "calendar/calendar.hpp"

namespace tilts::calendar {

// Reads one calendar file (JSON, see the README). An unknown key, a wrong type or a contradiction is
// refused with the path of the field.
core::Result<Calendar> ParseCalendar(std::string_view json);

// Reads the hours of an institution: {"week": {"MON": [["08:30", "17:00"]], …}, "round_the_clock": true}.
core::Result<DutyHours> ParseDutyHours(std::string_view json);
std::string FormatDutyHours(const DutyHours& hours);

// The calendars a service works with, by id.
class CalendarSet {
 public:
  static core::Result<CalendarSet> Parse(std::span<const std::string> files);

  // kNotFound names the ids there are.
  core::Result<Calendar> Find(std::string_view id) const;
  const std::map<std::string, Calendar, std::less<>>& all() const { return calendars_; }

 private:
  std::map<std::string, Calendar, std::less<>> calendars_;
};

}  // namespace tilts::calendar
