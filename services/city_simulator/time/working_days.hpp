#pragma once

#include <string_view>

#include "city_simulator/time/riga_time.hpp"

namespace tilts::city_simulator {

// Which days an institution works. State institutions follow the Cabinet's moved days, municipal ones do not; schools
// follow the semesters.
enum class Follows { kState, kMunicipal, kSchool };

// Holidays from the law, computed (Easter by the Gregorian rule, the shift of 4 May and 18 November).
bool IsHoliday(Day day);
bool IsWorkingDay(Follows follows, Day day);

// The first working day after `day`.
Day NextWorkingDay(Follows follows, Day day);
// The working day on which `days` working days after `received` have passed; the day of receipt does not count.
Day AddWorkingDays(Follows follows, Day received, int days);

}  // namespace tilts::city_simulator
