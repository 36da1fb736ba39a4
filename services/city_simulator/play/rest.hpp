#pragma once

#include <functional>
#include <optional>
#include <string>

#include "city_simulator/api/api.hpp"
#include "city_simulator/time/riga_time.hpp"

namespace tilts::city_simulator {

struct Rest {
  bool reached = false;
  std::optional<Instant> next_due;  // the earliest thing any service waits for
  std::uint64_t dead_letters = 0;
  std::uint64_t parked_deliveries = 0;
  std::string trouble;  // who did not come to rest and why
};

// Waits until nothing moves any more at the present city time: two rounds of GET /v1/status in a row in which every
// service is ready, has read the present time, has an empty outbox, no lag, nothing due and nothing in flight, and
// stands at the same offsets.
Rest AwaitRest(Api& api, const Caller& operator_caller, Instant city_time, std::chrono::seconds limit);

}  // namespace tilts::city_simulator
