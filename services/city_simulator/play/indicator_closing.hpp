#pragma once

#include <set>
#include <string>

#include "city_simulator/play/school_life.hpp"
#include "city_simulator/truth/statistics.hpp"

namespace tilts::city_simulator {

// Indicators as Tilts shows them: the city's to the education department, each institution's own to itself.
struct ShownStatistics {
  Statistics values;
  std::set<StatisticsCell> suppressed;  // cells that are left out
};
// Empty: read.
std::string ReadStatistics(Api& api, const Parties& parties, const std::string& school_year, ShownStatistics& shown);

// What the city and each of its institutions count. `before` is what was counted before the run.
void CompareIndicators(Stage& stage, SchoolLife& schools, const ShownStatistics& before);

}  // namespace tilts::city_simulator
