#pragma once

#include <chrono>
#include <cstdint>

#include "core/errc.hpp"
#include "events/record.hpp"

namespace tilts::events {

// What a consumer does with a handler's error: the only judge.
enum class Disposition {
  kDeadLetter,    // can never work, or an operator must see it
  kRetryAtOnce,   // lost a race; bounded
  kRetryLater,    // a part is down: the partition waits
  kRetryBounded,  // slow: a few tries, then dead letter
};
Disposition ToDisposition(core::Errc code);

struct RetryPolicy {
  std::chrono::milliseconds first_wait{50};
  double factor = 2.0;
  std::chrono::milliseconds longest_wait{2'000};
  int bounded_attempts = 5;  // of kRetryAtOnce and kRetryBounded, then dead letter

  // The wait before attempt number `attempt` (from 2), without jitter.
  std::chrono::milliseconds WaitBefore(int attempt) const;
};

// Counts how often the same record failed. One per partition.
class AttemptCounter {
 public:
  // True when this failure of the record at `offset` is the last allowed one.
  bool Exhausted(std::int64_t offset, core::Errc code, const RetryPolicy& policy);
  int attempts() const { return attempts_; }

 private:
  std::int64_t offset_ = -1;
  int attempts_ = 0;
};

}  // namespace tilts::events
