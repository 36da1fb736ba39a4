#include "indicator_aggregation/domain/school_year.hpp"

#include <chrono>
#include <cstdlib>

namespace tilts::indicator_aggregation {
namespace {

constexpr int kMostYears = 30;

std::string Name(int first) {
  const int second = (first + 1) % 100;
  return std::to_string(first) + (second < 10 ? "/0" : "/") + std::to_string(second);
}

}  // namespace

std::string SchoolYearOfDay(int day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return Name(static_cast<int>(date.year()) - (date.month() < std::chrono::September ? 1 : 0));
}

bool IsSchoolYear(const std::string& text) {
  return text.size() == 7 && Name(std::atoi(text.c_str())) == text;
}

std::vector<std::string> SchoolYears(const std::string& first, const std::string& last) {
  std::vector<std::string> years{first};
  const int begin = std::atoi(first.c_str());
  const int end = std::atoi(last.c_str());
  for (int year = begin + 1; year <= end && year < begin + kMostYears; ++year) years.push_back(Name(year));
  return years;
}

}  // namespace tilts::indicator_aggregation
