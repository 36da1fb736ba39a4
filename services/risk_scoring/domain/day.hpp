#pragma once

#include <cstdint>
#include <string>

namespace tilts::risk_scoring {

// A calendar date in Riga, as days since 1970-01-01. Facts lie between kFirstDay and kLastDay.
using Day = std::int32_t;
inline constexpr Day kFirstDay = 1;
inline constexpr Day kLastDay = 65'535;  // 2149-06-06

// A school year is named by the calendar year it begins in; it changes on 1 September.
int SchoolYearOf(Day day);
Day SchoolYearStart(int school_year);
std::string SchoolYearText(int school_year);  // "2025/26"

}  // namespace tilts::risk_scoring
