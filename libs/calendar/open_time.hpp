#pragma once

#include <chrono>

#include "calendar/calendar.hpp"
#include "core/city_time.hpp"

namespace tilts::calendar {

// Somebody answers at `time`: within office hours, or at any time where duty is round the clock.
core::Result<bool> IsOpen(core::CityTime time, const Calendar& calendar);

// `from` itself when it lies within office hours, else the next opening.
core::Result<core::CityTime> NextOpening(core::CityTime from, const Calendar& calendar);

// The end of the office hours of the day, or of the next working day once they are over.
core::Result<core::CityTime> NextClosing(core::CityTime from, const Calendar& calendar);

// The opening of the n-th working day after the day of `from`, n >= 1.
core::Result<core::CityTime> OpeningOfWorkingDay(core::CityTime from, int n, const Calendar& calendar);

// Office time that passed between the two instants; lunch, nights and days off do not count.
core::Result<std::chrono::microseconds> OpenTimeBetween(core::CityTime from, core::CityTime to,
                                                        const Calendar& calendar);

// The first instant at which `amount` of office time has passed since `from`.
core::Result<core::CityTime> AddOpenTime(core::CityTime from, std::chrono::microseconds amount,
                                         const Calendar& calendar);

// The latest instant from which `amount` of office time is left until `until`.
core::Result<core::CityTime> SubtractOpenTime(core::CityTime until, std::chrono::microseconds amount,
                                              const Calendar& calendar);

}  // namespace tilts::calendar
