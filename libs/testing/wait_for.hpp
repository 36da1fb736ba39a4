#pragma once

#include <chrono>
#include <functional>

namespace tilts::testing {

// Waits for a fact: true as soon as `fact` holds, false when it does not within `limit`. The only place of the tests
// that lets time pass.
bool WaitFor(const std::function<bool()>& fact, std::chrono::milliseconds limit);

}  // namespace tilts::testing
