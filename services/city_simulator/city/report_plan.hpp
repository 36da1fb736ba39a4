#pragma once

#include <tilts/intake/v1/intake_service.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "city_simulator/api/api.hpp"
#include "city_simulator/city/situations.hpp"
#include "city_simulator/scan/canary.hpp"
#include "city_simulator/time/riga_time.hpp"

namespace tilts::city_simulator {

// One report the city is going to make.
struct PlannedReport {
  unsigned number = 0;
  Instant at;
  std::string reporter;  // institution
  std::string child;     // the simulator's own name of the child; unique when nobody knows who it is
  std::string situation;
  intake::v1::ReportConcernRequest request;
  Api::Door door = Api::Door::kHttp;
  bool sent_twice = false;  // a sender that did not hear the answer and tries again
};

struct CityOptions {
  std::uint64_t seed = 1;
  std::string run_name;  // unique for this run: begins every id the city makes up
  unsigned schools = 6;
  unsigned school_days = 20;
  unsigned reports = 70;
  Day first_day;

  // The last weeks of a long run are for what is still open.
  unsigned report_days() const { return school_days > 30 ? school_days - 15 : school_days; }
};

// The whole city's reports in the order of time: first every situation once, then by their shares; some children are
// reported again. The same options give the same plan.
std::vector<PlannedReport> PlanReports(const CityOptions& options, const Canary& canary);

// The first `count` school days from `first` on.
std::vector<Day> SchoolDays(Day first, unsigned count);
std::string SchoolId(unsigned number);

}  // namespace tilts::city_simulator
