#pragma once

#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace tilts::e2e {

// How much longer a piece of work takes here than on an idle machine, while this lives: 1 when nobody else computes. A
// bound in seconds holds for an idle machine; on one that others keep busy it is stretched by this factor.
class Pace {
 public:
  Pace() : thread_([this](const std::stop_token& stop) { Measure(stop); }) {}

  double factor() const {
    const double worked = worked_;
    return worked > 0 ? std::max(1.0, waited_ / worked) : 1.0;
  }

 private:
  using Seconds = std::chrono::duration<double>;

  static double ProcessorSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
  }

  // A fifth of a core: long enough turns that the scheduler takes the processor away as it does from a service.
  void Measure(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto begin = std::chrono::steady_clock::now();
      const double before = ProcessorSeconds();
      double worked = 0;
      while ((worked = ProcessorSeconds() - before) < 0.02) {
      }
      worked_ = worked_ + worked;
      waited_ = waited_ + Seconds(std::chrono::steady_clock::now() - begin).count();
      // Four fifths of the time it rests, or until its end.
      std::unique_lock lock(mutex_);
      rest_.wait_for(lock, stop, std::chrono::milliseconds(80), [] { return false; });
    }
  }

  std::atomic<double> worked_ = 0;
  std::atomic<double> waited_ = 0;
  std::mutex mutex_;
  std::condition_variable_any rest_;
  std::jthread thread_;
};

}  // namespace tilts::e2e
