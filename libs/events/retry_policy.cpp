#include "events/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace tilts::events {

Disposition ToDisposition(core::Errc code) {
  switch (code) {
    case core::Errc::kInvalid:
    case core::Errc::kNotFound:
    case core::Errc::kAlreadyExists:
    case core::Errc::kRefused:
    case core::Errc::kDenied:
    case core::Errc::kUnauthenticated:
    case core::Errc::kCorrupt:
    case core::Errc::kInternal: return Disposition::kDeadLetter;
    case core::Errc::kConflict: return Disposition::kRetryAtOnce;
    case core::Errc::kUnavailable:
    case core::Errc::kOverloaded: return Disposition::kRetryLater;
    case core::Errc::kTimeout: return Disposition::kRetryBounded;
  }
  return Disposition::kDeadLetter;
}

std::chrono::milliseconds RetryPolicy::WaitBefore(int attempt) const {
  const double wait = static_cast<double>(first_wait.count()) * std::pow(factor, std::max(0, attempt - 2));
  return std::min(longest_wait, std::chrono::milliseconds(static_cast<std::int64_t>(std::min(wait, 1e9))));
}

bool AttemptCounter::Exhausted(std::int64_t offset, core::Errc code, const RetryPolicy& policy) {
  if (offset != offset_) attempts_ = 0;
  offset_ = offset;
  ++attempts_;
  switch (ToDisposition(code)) {
    case Disposition::kDeadLetter: return true;
    case Disposition::kRetryLater: return false;
    case Disposition::kRetryAtOnce:
    case Disposition::kRetryBounded: return attempts_ >= policy.bounded_attempts;
  }
  return true;
}

}  // namespace tilts::events
