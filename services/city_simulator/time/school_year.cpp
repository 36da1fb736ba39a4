#include "city_simulator/time/school_year.hpp"

#include <array>
#include <cstdio>

namespace tilts::city_simulator {
namespace {

// First days of the semesters (Cabinet Regulation 698 of 2023; 2025/26 and 2026/27 as assumed by the published
// calendar).
constexpr std::array<std::array<const char*, 2>, 3> kFirstDays = {
    {{"2024-09-02", "2025-01-06"}, {"2025-09-01", "2026-01-05"}, {"2026-09-01", "2027-01-04"}}};

}  // namespace

std::string SchoolYearOf(Day day) {
  const std::chrono::year_month_day date{day};
  const int begins = static_cast<int>(date.year()) - (date.month() < std::chrono::September ? 1 : 0);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d/%02d", begins, (begins + 1) % 100);
  return text.data();
}

std::optional<Semester> SemesterOf(Day day) {
  std::optional<Semester> found;
  for (const auto& year : kFirstDays) {
    const Day year_from = *ReadDay(year[0]);
    for (unsigned number = 1; number <= year.size(); ++number) {
      const Day from = *ReadDay(year[number - 1]);
      if (from <= day) found = Semester{SchoolYearOf(from), number, from, year_from};
    }
  }
  return found;
}

}  // namespace tilts::city_simulator
