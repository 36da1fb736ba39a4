#include "calendar/riga_time.hpp"

#include <absl/strings/str_format.h>
#include <date/tz.h>

#include <exception>

namespace tilts::calendar {
namespace {

const date::time_zone* Locate() noexcept {
  try {
    return date::locate_zone("Europe/Riga");
  } catch (...) {
    return nullptr;
  }
}

const date::time_zone* FindZone() noexcept {
  static const date::time_zone* const zone = Locate();
  return zone;
}

const date::time_zone& Zone() noexcept {
  const date::time_zone* zone = FindZone();
  if (zone == nullptr) std::terminate();
  return *zone;
}

}  // namespace

core::Status LoadZone() {
  if (FindZone() != nullptr) return {};
  return core::Fail(core::Errc::kUnavailable, "install the tz database (package tzdata): Europe/Riga was not found",
                    "TZ_DATABASE");
}

LocalTime ToRiga(core::CityTime time) {
  return LocalTime{Zone().to_local(time).time_since_epoch()};
}

core::CityTime FromRiga(LocalTime time) {
  const date::local_time<std::chrono::microseconds> local{time.time_since_epoch()};
  return Zone().to_sys(local, date::choose::earliest);
}

LocalDate RigaDate(core::CityTime time) {
  return std::chrono::floor<std::chrono::days>(ToRiga(time));
}

core::CityTime StartOfDay(LocalDate date) {
  // Facts come by the hundred for one day, and asking the zone costs more than the rest of a fact.
  thread_local LocalDate latest{};
  thread_local core::CityTime start = FromRiga(LocalTime{latest});
  if (date != latest) {
    start = FromRiga(LocalTime{date});
    latest = date;
  }
  return start;
}

core::CityTime EndOfDay(LocalDate date) {
  return StartOfDay(date + std::chrono::days{1});
}

core::Result<LocalDate> ParseDate(std::string_view text) {
  const auto digits = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (const char c : text.substr(from, count)) {
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const int year = digits(0, 4), month = digits(5, 2), day = digits(8, 2);
    if (year >= 0 && month > 0 && day > 0) {
      const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                             std::chrono::day{static_cast<unsigned>(day)}};
      if (date.ok()) return LocalDate{date};
    }
  }
  return core::Fail(core::Errc::kInvalid, "write the date as 2026-03-02", "DATE_FORMAT");
}

std::string FormatDate(LocalDate date) {
  const std::chrono::year_month_day parts{date};
  return absl::StrFormat("%04d-%02d-%02d", static_cast<int>(parts.year()), static_cast<unsigned>(parts.month()),
                         static_cast<unsigned>(parts.day()));
}

unsigned WeekdayIndex(LocalDate date) {
  return std::chrono::weekday{date}.iso_encoding() - 1;
}

}  // namespace tilts::calendar
