#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "calendar/calendar.hpp"
#include "core/city_time.hpp"

namespace tilts::calendar {

enum class DeadlineKind {
  kClock,           // amount = seconds that pass day and night
  kSameDay,         // 24:00 of the day of receipt, also on a day off; amount is 0
  kCalendarDays,    // amount = days
  kWorkingDays,     // amount = working days of the calendar
  kSchoolDays,      // amount = school days; needs a school calendar
  kEndOfSchoolDay,  // end of the running or next school day; amount is 0
  kMonths,          // amount = months
};

std::string_view ToString(DeadlineKind kind);
std::optional<DeadlineKind> ParseDeadlineKind(std::string_view text);  // "WORKING_DAYS"

struct Deadline {
  DeadlineKind kind = DeadlineKind::kWorkingDays;
  std::int64_t amount = 0;
  // Id of the calendar to count with; empty: the calendar of the institution that has the duty.
  std::string calendar;

  bool operator==(const Deadline&) const = default;
};

core::Status Validate(const Deadline& deadline);

// The instant after which the duty is late. The day of receipt does not count; a term of days or
// months that ends on a day off ends on the next working day, at 24:00 in Riga.
core::Result<core::CityTime> Due(const Deadline& deadline, core::CityTime from, const Calendar& calendar);

// A time in which the clock of an outcome stood still.
struct Hold {
  core::CityTime from;
  core::CityTime to;
};

// As above, later by the holds: by their length for kClock, otherwise by the whole days of the
// deadline's kind that lie inside a hold. A hold over a weekend therefore grants nothing.
core::Result<core::CityTime> Due(const Deadline& deadline, core::CityTime from, const Calendar& calendar,
                                 std::span<const Hold> holds);

// When a reminder at `percent` of the term fires, 1 to 100: the opening of working day
// ceil(percent x n / 100), n being the term in working days; for terms of less than a day the share of the time.
core::Result<core::CityTime> RungTime(int percent, const Deadline& deadline, core::CityTime from,
                                      const Calendar& calendar);

}  // namespace tilts::calendar
