#pragma once

#include "city_simulator/play/school_life.hpp"
#include "city_simulator/truth/statistics.hpp"

namespace tilts::city_simulator {

// The city's indicators as Tilts shows them to the education department; cells that are left out are not among them.
struct ShownStatistics {
  Statistics values;
  std::set<std::pair<std::string, std::string>> suppressed;
};
std::string ReadStatistics(Api& api, const Caller& department, const std::string& school_year, ShownStatistics& shown);

// Reads back what the schools see of their learners, what became of their facts and what the city counts. `before` is
// what was counted before the run.
void ReadLearners(Stage& stage, SchoolLife& schools, const ShownStatistics& before);

}  // namespace tilts::city_simulator
