#include "testing/wait_for.hpp"

#include <thread>

namespace tilts::testing {

bool WaitFor(const std::function<bool()>& fact, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!fact()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace tilts::testing
