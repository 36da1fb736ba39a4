#pragma once

#include <string>
#include <vector>

#include "city_simulator/city/report_plan.hpp"

namespace tilts::city_simulator {

struct SimulationOptions {
  std::string run_path;
  std::string source_path;
  CityOptions city;
  unsigned learners = 0;  // 0: nothing is told of learners
  std::string sabotage;   // "receipt", "delivery", "deadline", "audit", "score" or empty
};

// Plays one city and prints its ledger; the last line is the verdict. True: balanced.
bool Simulate(SimulationOptions options);

struct ScanResult {
  std::vector<std::string> lines;
  std::size_t leaks = 0;
  bool complete = true;
};
// Searches a run for marks without playing anything.
ScanResult ScanForMarks(const std::string& run_path, const std::vector<std::string>& marks);

}  // namespace tilts::city_simulator
