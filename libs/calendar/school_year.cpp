#include "calendar/school_year.hpp"

namespace tilts::calendar {

std::string SchoolYearOf(core::CityTime time) {
  return SchoolYearOn(RigaDate(time));
}

std::string SchoolYearOn(LocalDate day) {
  const std::chrono::year_month_day date{day};
  const int first = static_cast<int>(date.year()) - (date.month() < std::chrono::September ? 1 : 0);
  const int second = (first + 1) % 100;
  return std::to_string(first) + (second < 10 ? "/0" : "/") + std::to_string(second);
}

}  // namespace tilts::calendar
