#pragma once

#include "city_simulator/play/indicator_closing.hpp"

namespace tilts::city_simulator {

// Reads back what the schools see of their learners, what became of their facts and what the city counts. `before` is
// what was counted before the run.
// What the log says of records that contradict each other; nobody is shown it elsewhere.
void ReadConflicts(Stage& stage, const SchoolLife& schools, const std::string& brokers);

void ReadLearners(Stage& stage, SchoolLife& schools, const ShownStatistics& before);

}  // namespace tilts::city_simulator
