#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/city_time.hpp"

namespace tilts::postgres {

// PostgreSQL's text forms, with bytea_output=hex, DateStyle=ISO and TimeZone=UTC, which every connection sets.
std::string FormatBytes(std::string_view data);  // \x0aff
std::optional<std::string> ParseBytes(std::string_view text);
std::string FormatTextArray(const std::vector<std::string>& texts);             // {"a","b \"c\""}
std::optional<std::vector<std::string>> ParseTextArray(std::string_view text);  // nulls and nesting: nothing
std::string FormatDouble(double number);                                        // shortest that reads back the same
std::optional<double> ParseDouble(std::string_view text);
std::optional<core::CityTime> ParseTimestamp(std::string_view text);  // 2026-03-02 08:30:00.5+00

}  // namespace tilts::postgres
