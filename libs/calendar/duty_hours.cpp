#include "calendar/duty_hours.hpp"

#include <algorithm>
#include <string>

namespace tilts::calendar {

bool DutyHours::empty() const {
  return std::ranges::all_of(week, [](const auto& intervals) { return intervals.empty(); });
}

core::Status Validate(const DutyHours& hours) {
  if (hours.empty()) {
    return core::Fail(core::Errc::kInvalid, "give at least one weekday with an opening interval", "HOURS_EMPTY");
  }
  for (const auto& intervals : hours.week) {
    std::chrono::minutes previous{0};
    for (const OpenInterval& interval : intervals) {
      if (interval.opens < previous || interval.closes <= interval.opens || interval.closes > std::chrono::hours{24}) {
        return core::Fail(core::Errc::kInvalid, "opening intervals of a day must be ordered and must not overlap",
                          "HOURS_ORDER");
      }
      previous = interval.closes;
    }
  }
  return {};
}

core::Result<std::chrono::minutes> ParseTimeOfDay(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 1000; };
  if (text.size() == 5 && text[2] == ':') {
    const int hour = digit(0) * 10 + digit(1);
    const int minute = digit(3) * 10 + digit(4);
    if (minute < 60 && hour * 60 + minute <= 24 * 60) return std::chrono::minutes{hour * 60 + minute};
  }
  return core::Fail(core::Errc::kInvalid, "write the time of day as 08:30, at most 24:00", "TIME_OF_DAY");
}

}  // namespace tilts::calendar
