#pragma once

#include <string>

#include "city_simulator/ledger/ledger.hpp"
#include "city_simulator/time/riga_time.hpp"

namespace tilts::city_simulator {

// One live line on a terminal; a line a day where the output is kept.
class Progress {
 public:
  explicit Progress(const Ledger& ledger);

  void Show(Instant at, unsigned day, unsigned days);
  void Note(const std::string& text);
  // Leaves the live line behind.
  void End();

 private:
  const Ledger& ledger_;
  const bool live_;
  bool shown_ = false;
  Day last_day_{};
};

}  // namespace tilts::city_simulator
