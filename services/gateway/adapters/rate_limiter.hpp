#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "metrics/metrics.hpp"
#include "redis/redis.hpp"

namespace tilts::gateway {

struct RateLimits {
  unsigned requests_per_second = 50;
  unsigned burst = 200;
};

// One token bucket per client, in Redis, so that all replicas count together; filled continuously by
// Redis's own clock. Redis only guards capacity: while it is down everybody passes and is counted.
class RateLimiter {
 public:
  RateLimiter(redis::Redis& redis, RateLimits limits, metrics::Registry& metrics);

  // Zero: go ahead. Otherwise how long until the next token.
  std::chrono::milliseconds Take(const std::string& client_id);

 private:
  bool Pausing() const;

  redis::Redis& redis_;
  const RateLimits limits_;
  const redis::Script script_;
  metrics::Counter limited_;
  metrics::Counter unchecked_;
  // A hanging Redis must not cost every call its timeout: after a failure it is left alone for a moment.
  std::atomic<std::chrono::steady_clock::rep> pause_until_{0};
};

}  // namespace tilts::gateway
