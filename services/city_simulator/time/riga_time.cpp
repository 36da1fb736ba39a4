#include "city_simulator/time/riga_time.hpp"

#include <array>
#include <cstdio>

namespace tilts::city_simulator {
namespace {

using std::chrono::duration_cast;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::seconds;

Instant LastSundayAtOneUtc(std::chrono::year year, std::chrono::month month) {
  const Day day{year / month / std::chrono::Sunday[std::chrono::last]};
  return Instant{day} + hours{1};
}

int Number(std::string_view text) {
  int value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return -1;
    value = value * 10 + (digit - '0');
  }
  return text.empty() ? -1 : value;
}

}  // namespace

Minutes RigaOffset(Instant at) {
  const auto year = std::chrono::year_month_day{floor<std::chrono::days>(at)}.year();
  const bool summer =
      at >= LastSundayAtOneUtc(year, std::chrono::March) && at < LastSundayAtOneUtc(year, std::chrono::October);
  return summer ? hours{3} : hours{2};
}

RigaMoment InRiga(Instant at) {
  const Instant shifted = at + RigaOffset(at);
  const Day day = floor<std::chrono::days>(shifted);
  return {day, shifted - Instant{day}};
}

Instant FromRiga(Day day, microseconds since_midnight) {
  const Instant wall = Instant{day} + since_midnight;
  // The winter reading decides; a wall time within the spring gap moves on by the hour that is missing.
  const Instant winter = wall - hours{2};
  return wall - RigaOffset(winter) == winter ? winter : wall - RigaOffset(wall - hours{3});
}

std::string WriteDay(Day day) {
  const std::chrono::year_month_day date{day};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::optional<Day> ReadDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = Number(text.substr(0, 4)), month = Number(text.substr(5, 2)), day = Number(text.substr(8, 2));
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return Day{date};
}

std::string Write(Instant at) {
  const Day day = floor<std::chrono::days>(at);
  const auto rest = at - Instant{day};
  const auto whole = floor<seconds>(rest);
  const long long fraction = (rest - whole).count();
  const long long count = whole.count();
  std::array<char, 40> text{};
  const int used =
      std::snprintf(text.data(), text.size(), "T%02lld:%02lld:%02lld", count / 3600, count / 60 % 60, count % 60);
  std::string written = WriteDay(day) + std::string(text.data(), static_cast<std::size_t>(used));
  if (fraction != 0) {
    std::snprintf(text.data(), text.size(), ".%06lld", fraction);
    written += text.data();
  }
  return written + "Z";
}

std::optional<Instant> Read(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T' || text.back() != 'Z') return std::nullopt;
  const auto day = ReadDay(text.substr(0, 10));
  const int hour = Number(text.substr(11, 2)), minute = Number(text.substr(14, 2)), second = Number(text.substr(17, 2));
  if (!day || hour < 0 || minute < 0 || second < 0 || text[13] != ':' || text[16] != ':') return std::nullopt;
  long long micros = 0;
  if (text.size() > 20) {
    if (text[19] != '.') return std::nullopt;
    std::string digits(text.substr(20, text.size() - 21));
    digits.resize(6, '0');
    micros = Number(digits);
    if (micros < 0) return std::nullopt;
  }
  return Instant{*day} + hours{hour} + Minutes{minute} + seconds{second} + microseconds{micros};
}

std::string ForPeople(Instant at) {
  static constexpr std::array<const char*, 7> kNames = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const RigaMoment moment = InRiga(at);
  const long long minute = duration_cast<Minutes>(moment.since_midnight).count();
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), " %02lld:%02lld", minute / 60, minute % 60);
  return std::string(kNames[std::chrono::weekday{moment.day}.c_encoding()]) + " " + WriteDay(moment.day) + text.data();
}

}  // namespace tilts::city_simulator
