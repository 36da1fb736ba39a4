#include "gateway/adapters/rate_limiter.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace tilts::gateway {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::seconds kPause{1};

// KEYS[1] bucket; ARGV tokens per second, size of the bucket. Answers {1 or 0, milliseconds to wait}.
constexpr char kTokenBucket[] = R"lua(
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stored = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(stored[1]) or burst
local at = tonumber(stored[2]) or now
tokens = math.min(burst, tokens + math.max(0, now - at) * rate / 1000)
local passed, wait = 0, 0
if tokens >= 1 then
  passed, tokens = 1, tokens - 1
else
  wait = math.ceil((1 - tokens) * 1000 / rate)
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(burst * 1000 / rate) + 1000)
return {passed, wait}
)lua";

core::Result<std::chrono::milliseconds> ReadWait(const core::Result<redis::Reply>& reply) {
  if (!reply) return core::Fail(reply.error());
  TILTS_ASSIGN(const auto parts, reply->AsArray());
  if (parts.size() != 2) return core::Fail(core::Errc::kCorrupt, "The bucket's answer is not a pair.");
  TILTS_ASSIGN(const std::int64_t passed, parts[0].AsInteger());
  TILTS_ASSIGN(const std::int64_t wait, parts[1].AsInteger());
  return std::chrono::milliseconds(passed == 1 ? 0 : std::max<std::int64_t>(1, wait));
}

}  // namespace

RateLimiter::RateLimiter(redis::Redis& redis, RateLimits limits, metrics::Registry& metrics)
    : redis_(redis),
      limits_(limits),
      script_(kTokenBucket),
      limited_(metrics.AddCounter("tilts_gateway_rate_limited_total", "Calls answered 429.")),
      unchecked_(
          metrics.AddCounter("tilts_gateway_rate_unchecked_total", "Calls let pass because Redis did not answer.")) {}

bool RateLimiter::Pausing() const {
  return Steady::now().time_since_epoch().count() < pause_until_.load();
}

std::chrono::milliseconds RateLimiter::Take(const std::string& client_id) {
  constexpr std::chrono::milliseconds kPass{0};
  if (Pausing()) {
    unchecked_.Add();
    return kPass;
  }
  const auto wait = ReadWait(redis_.Run(script_, {"{gateway:rate}:" + client_id},
                                        {std::to_string(limits_.requests_per_second), std::to_string(limits_.burst)}));
  if (!wait) {
    pause_until_ = (Steady::now() + kPause).time_since_epoch().count();
    unchecked_.Add();
    return kPass;
  }
  if (*wait <= kPass) return kPass;
  limited_.Add();
  return *wait;
}

}  // namespace tilts::gateway
