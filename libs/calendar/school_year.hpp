#pragma once

#include <string>

#include "calendar/riga_time.hpp"

namespace tilts::calendar {

// The school year an instant counts in, "2025/26": it changes on 1 September at midnight in Riga.
std::string SchoolYearOf(core::CityTime time);
std::string SchoolYearOn(LocalDate day);

}  // namespace tilts::calendar
