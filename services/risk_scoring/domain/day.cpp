#include "risk_scoring/domain/day.hpp"

#include <chrono>

#include "core/concat.hpp"

namespace tilts::risk_scoring {

int SchoolYearOf(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  const int year = static_cast<int>(date.year());
  return date.month() >= std::chrono::September ? year : year - 1;
}

Day SchoolYearStart(int school_year) {
  const std::chrono::sys_days start = std::chrono::year{school_year} / std::chrono::September / 1;
  return static_cast<Day>(start.time_since_epoch().count());
}

std::string SchoolYearText(int school_year) {
  const int next = (school_year + 1) % 100;
  return core::Concat(school_year, next < 10 ? "/0" : "/", next);
}

}  // namespace tilts::risk_scoring
