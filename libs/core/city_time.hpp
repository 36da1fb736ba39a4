#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace tilts::core {

// UTC instant with microseconds, always passed in. Rules that need the local calendar convert it
// with libs/calendar (Europe/Riga).
using CityTime = std::chrono::sys_time<std::chrono::microseconds>;

// Strict RFC 3339: "2026-03-02T08:30:00Z", an offset, 0 to 6 fraction digits. Anything else: kInvalid.
Result<CityTime> ParseRfc3339(std::string_view text);

// "2026-03-02T08:30:00Z", with ".123456" only when the fraction is not zero.
std::string FormatRfc3339(CityTime time);

}  // namespace tilts::core
