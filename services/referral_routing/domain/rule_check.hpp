#pragma once

#include <set>
#include <vector>

#include "core/result.hpp"
#include "referral_routing/domain/policy.hpp"
#include "referral_routing/domain/rule_set.hpp"

namespace tilts::referral_routing {

// Refuses a rule set that cannot be trusted. Violations name the rule ("rules[imminent-danger]") and one code:
//   DUPLICATE_ID, PRIORITY_TIE, FIELD_MISSING, VALIDITY_EMPTY, POLICY_UNKNOWN, KIND_UNKNOWN,
//   PURPOSE_DIFFERS   two rules use one purpose for different recipients, kinds, duties or territories
//   RULE_UNREACHABLE  no case can match it, or whatever it asks is always asked more urgently by another rule
//   GAP               a case in some situation reaches nobody (the message names the situation)
core::Status CheckRules(const RuleSet& rules, const PolicySet& policies, const std::set<InstitutionKind>& known_kinds);

// LADDER_UNKNOWN, DUPLICATE_ID, RUNG_AMOUNT, RUNG_AUDIENCE, LADDER_END (exactly one last rung, the latest),
// CLOCK_MISSING, DEADLINE_AMOUNT, TASK_POLICY_MISSING.
core::Status CheckPolicies(const PolicySet& policies);

}  // namespace tilts::referral_routing
