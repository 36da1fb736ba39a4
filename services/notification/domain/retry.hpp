#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "core/result.hpp"
#include "notification/domain/response.hpp"

namespace tilts::notification::domain {

struct RetryLadder {
  std::vector<std::chrono::seconds> waits;  // after the first attempt, the second, …; then the delivery is parked
  std::chrono::seconds retry_after_cap{};
};

struct RetryPolicy {
  std::string version;
  RetryLadder ordinary;
  RetryLadder imminent;
  double jitter = 0;
  std::chrono::seconds throttle_floor{};
  std::chrono::seconds second_channel_after{};

  const RetryLadder& LadderFor(bool is_imminent) const { return is_imminent ? imminent : ordinary; }
};

// kInvalid with a violation per fault: no version, an empty ladder, waits that shrink or exceed two weeks, a
// jitter outside [0, 0.5], a second channel that imminent danger would reach only after parking.
core::Status Validate(const RetryPolicy& policy);

struct Decision {
  enum class Next { kDelivered, kRetry, kPark };
  Next next = Next::kDelivered;
  core::CityTime retry_at{};  // with kRetry
  bool disable_endpoint = false;
  std::optional<core::CityTime> rest_endpoint_until;
};

// `step` counts the attempts made on this ladder, this one included; `jitter` is in [-1, 1].
Decision Decide(const RetryPolicy& policy, bool imminent, unsigned step, const Judgement& judgement,
                std::optional<std::chrono::seconds> retry_after, double jitter, core::CityTime now);

}  // namespace tilts::notification::domain
