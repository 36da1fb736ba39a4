#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/city_time.hpp"

namespace tilts::notification::domain {

// What came back from one attempt.
struct Attempt {
  enum class Kind {
    kAnswered,
    kTimeout,
    kUnreachable,     // no connection, broken TLS, unknown name
    kAddressRefused,  // the name leads into a private network
    kNotSigned,       // the signing secret does not open: ours to mend
  };
  Kind kind = Kind::kAnswered;
  int status = 0;
  std::optional<std::chrono::seconds> retry_after;
};

enum class Verdict {
  kDelivered,
  kRetry,
  kThrottle,  // the receiver is overloaded: its whole endpoint rests
  kGone,      // 410: the receiver wants nothing more
};

struct Judgement {
  Verdict verdict = Verdict::kDelivered;
  std::string failure;  // "HTTP_500", "TIMEOUT", "REDIRECT", …; empty when delivered

  bool operator==(const Judgement&) const = default;
};

// Only 2xx is a delivery; a redirect is a failure and never followed.
Judgement Judge(const Attempt& attempt);

// Seconds or an HTTP date; `now` is the machine's time, by which receivers reckon. Nothing when it is neither.
std::optional<std::chrono::seconds> ParseRetryAfter(std::string_view value, core::CityTime now);

}  // namespace tilts::notification::domain
