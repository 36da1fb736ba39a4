#pragma once

#include <string>

#include "case_intake/domain/institutions.hpp"
#include "case_intake/domain/level_rules.hpp"

namespace tilts::case_intake {

// Everything a decision follows that is not the case itself.
struct Rules {
  LevelRules levels;
  Institutions institutions;
  // Who coordinates when nobody better is known, also when the registry was never reached.
  std::string fallback_coordinator_id;
};

}  // namespace tilts::case_intake
