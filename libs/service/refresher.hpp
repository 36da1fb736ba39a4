#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "core/result.hpp"

namespace tilts::service {

// By the steady clock.
struct RefreshPace {
  std::chrono::milliseconds interval{5'000};
  // Between tries until the first one succeeds.
  std::chrono::milliseconds first_tries{200};
  // How long a service waits to become ready for a source that stays away.
  std::chrono::milliseconds grace{10'000};
};

// Keeps a copy of what another service knows by asking anew: at once and quickly until the first success, then at
// every interval. Who cannot work well without the copy ties its readiness to OnReady.
class Refresher {
 public:
  // `refresh` asks once, on this object's thread; bounded by a timeout of its own.
  Refresher(RefreshPace pace, std::function<core::Status()> refresh);
  ~Refresher();
  Refresher(const Refresher&) = delete;
  Refresher& operator=(const Refresher&) = delete;

  // Called once: at Start if something is `known` already (a cache file), else after the first success, else when the
  // grace is over (at most one call's timeout later). Before Start.
  void OnReady(std::function<void()> listener);
  void Start(bool known);
  void RequestStop() { thread_.request_stop(); }
  void Stop();

 private:
  void Run(const std::stop_token& stop, bool known);

  const RefreshPace pace_;
  const std::function<core::Status()> refresh_;
  std::function<void()> on_ready_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace tilts::service
