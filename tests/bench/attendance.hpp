#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "events/draft.hpp"

namespace tilts::bench {

// A made-up city's attendance: the same numbers give the same records, everywhere and always.
inline constexpr int kSchoolDays = 175;
inline constexpr int kFirstSemesterDays = 75;

// Weekdays from 1 September 2025, as days since 1970-01-01; `n` from 0.
std::int32_t SchoolDay(int n);
std::string Iso(std::int32_t day);

struct Lessons {
  std::uint32_t offered = 0;
  std::uint32_t late = 0;
  std::uint32_t unknown = 0;
  std::uint32_t excused = 0;
  std::uint32_t unexcused = 0;
};
// Every pupil misses now and then, one in twenty much more.
Lessons LessonsOf(int pupil, int n);

std::string PupilId(int pupil);

// Records as the door for facts writes them.
core::Result<events::Draft> EnrolmentOf(int pupil);
core::Result<events::Draft> AttendanceOf(int pupil, int n);
// One record in every partition.
core::Result<std::vector<events::Draft>> CloseOf(int n);

}  // namespace tilts::bench
