#include "core/city_time.hpp"

#include <absl/strings/str_format.h>

#include <array>
#include <cstdint>

namespace tilts::core {
namespace {

using std::chrono::microseconds;

bool ReadDigits(std::string_view& text, std::size_t count, int& value) {
  if (text.size() < count) return false;
  value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool ReadLiteral(std::string_view& text, char literal) {
  if (text.empty() || text.front() != literal) return false;
  text.remove_prefix(1);
  return true;
}

bool ReadFraction(std::string_view& text, int& micros) {
  micros = 0;
  if (text.empty() || text.front() != '.') return true;
  text.remove_prefix(1);
  int scale = 100'000;
  std::size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (++digits > 6) return false;
    micros += (text.front() - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
  }
  return digits > 0;
}

bool ReadOffset(std::string_view& text, int& minutes) {
  minutes = 0;
  if (ReadLiteral(text, 'Z')) return true;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  int hours = 0;
  int rest = 0;
  if (!ReadDigits(text, 2, hours) || !ReadLiteral(text, ':') || !ReadDigits(text, 2, rest)) return false;
  if (hours > 23 || rest > 59) return false;
  minutes = sign * (hours * 60 + rest);
  return true;
}

}  // namespace

Result<CityTime> ParseRfc3339(std::string_view text) {
  const auto bad = [] {
    return Fail(Errc::kInvalid, "write the time as RFC 3339, for example 2026-03-02T08:30:00Z", "TIME_FORMAT");
  };
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0, offset = 0;
  if (!ReadDigits(text, 4, year) || !ReadLiteral(text, '-') || !ReadDigits(text, 2, month) || !ReadLiteral(text, '-') ||
      !ReadDigits(text, 2, day) || !ReadLiteral(text, 'T') || !ReadDigits(text, 2, hour) || !ReadLiteral(text, ':') ||
      !ReadDigits(text, 2, minute) || !ReadLiteral(text, ':') || !ReadDigits(text, 2, second) ||
      !ReadFraction(text, micros) || !ReadOffset(text, offset) || !text.empty()) {
    return bad();
  }
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return bad();
  return CityTime{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute - offset} +
         std::chrono::seconds{second} + microseconds{micros};
}

std::string FormatRfc3339(CityTime time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{days};
  const std::int64_t micros = (time - days).count();
  const std::int64_t seconds = micros / 1'000'000;
  std::string text = absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d", static_cast<int>(date.year()),
                                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                     seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (micros % 1'000'000 != 0) absl::StrAppendFormat(&text, ".%06d", micros % 1'000'000);
  return text + "Z";
}

}  // namespace tilts::core
