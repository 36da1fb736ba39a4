#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "city_simulator/time/working_days.hpp"

namespace tilts::city_simulator {

// A term as the published policies name it.
struct Term {
  enum class Unit { kClock, kSameDay, kCalendarDays, kWorkingDays, kMonths };
  Unit unit = Unit::kWorkingDays;
  std::int64_t amount = 0;  // seconds, days or months

  bool by_clock() const { return unit == Unit::kClock || unit == Unit::kSameDay; }
};

struct Pause {
  Instant from;
  Instant to;
};

// After this instant the duty is late: 24:00 in Riga for terms of days.
Instant DueAt(const Term& term, Instant received, Follows follows);
// The same when the clock stood still in between: whole days of the pauses are given back.
Instant DueAt(const Term& term, Instant received, const std::vector<Pause>& pauses, Follows follows);

// Working days with `after` < day <= `through`.
int WorkingDaysBetween(Follows follows, Day after, Day through);

// Office hours: 08:30 to 17:00, on Fridays to 16:00.
bool IsOffice(Instant at, Follows follows);
Instant NextOpening(Instant from, Follows follows);
// Opening of the n-th working day after the day of `from`.
Instant OpeningAfter(Instant from, int working_days, Follows follows);

// The opening of the working day on which `percent` of the term have passed; a share of the time for terms by the
// clock.
Instant ShareOfTerm(int percent, const Term& term, Instant received, Follows follows);

}  // namespace tilts::city_simulator
