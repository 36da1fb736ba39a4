#pragma once

#include <cstdint>
#include <vector>

#include "risk_scoring/domain/day.hpp"
#include "risk_scoring/domain/pupil_entries.hpp"

namespace tilts::risk_scoring {

// Lessons of the attendance records with a day in [from, to).
struct LessonSum {
  Day from = 0;
  Day to = 0;
  std::int32_t offered = 0;
  std::int32_t unknown = 0;
  std::int32_t excused = 0;
  std::int32_t unexcused = 0;

  std::int32_t absent() const { return unknown + excused + unexcused; }
  bool Covers(Day day) const { return from <= day && day < to; }
  bool operator==(const LessonSum&) const = default;
};

LessonSum SumOf(const std::vector<AttendanceEntry>& attendance, Day from, Day to);

// Exact integer sums that follow their windows: a close adds the days that came in and subtracts those that fell out, a
// fact subtracts its record's old contribution and adds the new one.
struct RunningSums {
  LessonSum absence;   // the absence window
  LessonSum semester;  // for unexcused lessons
  LessonSum due;       // for lessons of unknown reason whose grace has passed
  LessonSum previous;  // the same two for the year's semester before
  LessonSum previous_due;

  // Adds a record's contribution where its day counts, or takes it back: `sign` is 1 or -1.
  void Count(const AttendanceEntry& entry, int sign);
};

// Moves a sum to [from, to), reading only the records of days that come in or fall out.
void MoveTo(LessonSum& sum, const std::vector<AttendanceEntry>& attendance, Day from, Day to);

}  // namespace tilts::risk_scoring
