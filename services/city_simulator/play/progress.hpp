#pragma once

#include <string>

#include "city_simulator/time/riga_time.hpp"

namespace tilts::city_simulator {

// One live line on a terminal; a line a day where the output is kept.
class Progress {
 public:
  Progress();

  void Show(Instant at, const std::string& counts);
  void Note(const std::string& text);
  // Leaves the live line behind.
  void End();

 private:
  const bool live_;
  bool shown_ = false;
  Day last_day_{};
};

}  // namespace tilts::city_simulator
