#pragma once

#include <map>
#include <string>

#include "city.hpp"
#include "measure.hpp"

namespace tilts::bench {

// What the processes of a city have used and what its stores hold, at one moment.
struct Footprint {
  std::map<std::string, double> processor_seconds;  // of each service and server since it began
  std::map<std::string, double> log_bytes;          // of each topic, one copy
  std::map<std::string, double> sql_bytes;          // of each schema, with indexes
  double sql_journal_bytes = 0;                     // written ahead since the beginning
  double redis_bytes = 0;                           // of keys and values
  Clock::time_point at;
};

// Asks the stores themselves; the log is what its segments hold on the disk.
Footprint Look(e2e::City& city);

// What was used between two looks, less what the processes use while nothing happens, for each of `units`.
Json Cost(const Footprint& before, const Footprint& after, const std::map<std::string, double>& idle_per_second,
          double units);
// Processor seconds a second of each process between two looks.
std::map<std::string, double> PerSecond(const Footprint& before, const Footprint& after);

}  // namespace tilts::bench
