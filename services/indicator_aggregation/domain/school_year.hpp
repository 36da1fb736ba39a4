#pragma once

#include <string>
#include <vector>

namespace tilts::indicator_aggregation {

// "2025/26" of a calendar day (days since 1970-01-01); the year changes on 1 September.
std::string SchoolYearOfDay(int day);

// "2025/26": two years that follow each other.
bool IsSchoolYear(const std::string& text);

// Every school year from `first` to `last`, both included; only `first` when `last` is earlier. At most 30.
std::vector<std::string> SchoolYears(const std::string& first, const std::string& last);

}  // namespace tilts::indicator_aggregation
