#pragma once

#include <functional>

#include "referral_routing/domain/rule_set.hpp"

namespace tilts::referral_routing {

// Calls `visit` for representative situations until it returns false. An attribute that `focus` names takes the named
// values (all a rule with that condition can match), any other takes the values rules name and one they do not. Sets of
// concerns and aggravating facts are asked for "any of", so more elements only ever match more rules: the grid holds
// the empty set, or one at a time the elements `focus` names.
// False: `visit` stopped it.
bool VisitSituations(const RuleSet& rules, const Condition& focus, core::CityTime at,
                     const std::function<bool(const Situation&)>& visit);

}  // namespace tilts::referral_routing
