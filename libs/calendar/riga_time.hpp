#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/city_time.hpp"
#include "core/result.hpp"

namespace tilts::calendar {

// A day and a wall-clock time in Europe/Riga. Their type keeps them apart from UTC instants.
using LocalDate = std::chrono::local_days;
using LocalTime = std::chrono::local_time<std::chrono::microseconds>;

// kUnavailable when the machine has no tz database. Every calendar checks it when it is made, so
// whoever holds a calendar may convert freely; without the database the other functions terminate.
core::Status LoadZone();

LocalTime ToRiga(core::CityTime time);

// A wall-clock time skipped in spring becomes the instant of the change; one that happens twice in
// autumn means its first occurrence.
core::CityTime FromRiga(LocalTime time);

LocalDate RigaDate(core::CityTime time);
core::CityTime StartOfDay(LocalDate date);
// 24:00, which is the start of the next day.
core::CityTime EndOfDay(LocalDate date);

// Strict "2026-03-02".
core::Result<LocalDate> ParseDate(std::string_view text);
std::string FormatDate(LocalDate date);

// 0 = Monday … 6 = Sunday.
unsigned WeekdayIndex(LocalDate date);

}  // namespace tilts::calendar
