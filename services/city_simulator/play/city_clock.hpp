#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "city_simulator/time/riga_time.hpp"

namespace tilts::city_simulator {

// The eight bytes every service takes the city's time from. Only the simulator steps it, and never back.
class CityClock {
 public:
  CityClock() = default;
  ~CityClock();
  CityClock(const CityClock&) = delete;
  CityClock& operator=(const CityClock&) = delete;

  // Empty: mapped; otherwise why not.
  std::string Open(const std::string& path);
  Instant now() const;
  void StepTo(Instant at);

 private:
  std::atomic<std::int64_t>* micros_ = nullptr;
};

}  // namespace tilts::city_simulator
