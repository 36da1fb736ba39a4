#include "notification/domain/response.hpp"

#include <algorithm>
#include <array>

namespace tilts::notification::domain {
namespace {

std::optional<int> Digits(std::string_view text) {
  if (text.empty() || text.size() > 8) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"; the older two forms of RFC 9110 are not worth their code.
std::optional<core::CityTime> ParseHttpDate(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(25) != " GMT" || text[19] != ':' || text[22] != ':') return std::nullopt;
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const auto day = Digits(text.substr(5, 2));
  const auto year = Digits(text.substr(12, 4));
  const auto hour = Digits(text.substr(17, 2));
  const auto minute = Digits(text.substr(20, 2));
  const auto second = Digits(text.substr(23, 2));
  if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(month - kMonths.begin()) + 1},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return core::CityTime{std::chrono::sys_days{date}} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second};
}

}  // namespace

Judgement Judge(const Attempt& attempt) {
  switch (attempt.kind) {
    case Attempt::Kind::kTimeout: return {Verdict::kRetry, "TIMEOUT"};
    case Attempt::Kind::kUnreachable: return {Verdict::kRetry, "UNREACHABLE"};
    case Attempt::Kind::kAddressRefused: return {Verdict::kRetry, "ADDRESS_REFUSED"};
    case Attempt::Kind::kNotSigned: return {Verdict::kRetry, "NOT_SIGNED"};
    case Attempt::Kind::kAnswered: break;
  }
  const int status = attempt.status;
  if (status >= 200 && status < 300) return {Verdict::kDelivered, ""};
  if (status >= 300 && status < 400) return {Verdict::kRetry, "REDIRECT"};
  if (status == 410) return {Verdict::kGone, "GONE"};
  const bool throttles = status == 429 || (status >= 502 && status <= 504);
  return {throttles ? Verdict::kThrottle : Verdict::kRetry, "HTTP_" + std::to_string(status)};
}

std::optional<std::chrono::seconds> ParseRetryAfter(std::string_view value, core::CityTime now) {
  if (const auto seconds = Digits(value)) return std::chrono::seconds{*seconds};
  if (const auto date = ParseHttpDate(value)) {
    return std::max(std::chrono::seconds{0}, std::chrono::ceil<std::chrono::seconds>(*date - now));
  }
  return std::nullopt;
}

}  // namespace tilts::notification::domain
