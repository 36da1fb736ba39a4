#pragma once

#include <array>
#include <chrono>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace tilts::calendar {

// Minutes after local midnight; 24:00 is 1440. Half-open: at `closes` the door is shut.
struct OpenInterval {
  std::chrono::minutes opens{0};
  std::chrono::minutes closes{0};

  bool operator==(const OpenInterval&) const = default;
};

// Office hours of a week, Monday first; several intervals a day leave room for a lunch break.
// `round_the_clock` says that somebody answers at any hour of any day; reminders and openings still
// follow the office hours, because nothing but imminent danger may fire at night.
struct DutyHours {
  std::array<std::vector<OpenInterval>, 7> week;
  bool round_the_clock = false;

  bool empty() const;
  bool operator==(const DutyHours&) const = default;
};

// Intervals must be ordered, not overlap and lie within one day; at least one weekday is open.
core::Status Validate(const DutyHours& hours);

// "08:30" to "24:00".
core::Result<std::chrono::minutes> ParseTimeOfDay(std::string_view text);

}  // namespace tilts::calendar
