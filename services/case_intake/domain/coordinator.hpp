#pragma once

#include <string>

#include "case_intake/domain/facts.hpp"
#include "case_intake/domain/rules.hpp"

namespace tilts::case_intake {

// The one accountable institution: the education department when a member of staff is the alleged offender (never
// that school); else the learner's school; without a school the social service of the residence, or the counterpart
// of another municipality; else the city's social service. With an institution list that was never seen, whoever
// coordinates stays.
std::string ChooseCoordinator(const Rules& rules, const CaseFacts& facts, core::CityTime now);

}  // namespace tilts::case_intake
