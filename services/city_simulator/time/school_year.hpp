#pragma once

#include <optional>
#include <string>

#include "city_simulator/time/riga_time.hpp"

namespace tilts::city_simulator {

// Days since 1970-01-01, as facts and scores name a calendar date in Riga.
inline int NumberOf(Day day) {
  return static_cast<int>(day.time_since_epoch().count());
}
inline Day DayOf(int number) {
  return Day{std::chrono::days{number}};
}

// "2025/26": a school year is from 1 September.
std::string SchoolYearOf(Day day);

struct Semester {
  std::string school_year;
  unsigned number = 1;
  Day from;
  Day year_from;
};
// The semester a school day lies in; between semesters the last one that began. None before the years that are known.
std::optional<Semester> SemesterOf(Day day);

}  // namespace tilts::city_simulator
