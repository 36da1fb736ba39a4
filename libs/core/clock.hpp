#pragma once

#include "core/city_time.hpp"

namespace tilts::core {

// What deadlines, validity, grants and retry schedules see. Built in libs/service only; in demos it follows a
// file that the city simulator steps.
class CityClock {
 public:
  virtual ~CityClock() = default;
  virtual CityTime Now() const = 0;
};

// The machine's wall clock: token lifetimes, webhook signature timestamps. Built in libs/service only.
class MachineClock {
 public:
  virtual ~MachineClock() = default;
  virtual CityTime Now() const = 0;
};

}  // namespace tilts::core
