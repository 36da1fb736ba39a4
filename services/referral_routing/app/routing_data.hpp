#pragma once

#include <string>

#include "core/result.hpp"
#include "referral_routing/domain/policy.hpp"
#include "referral_routing/domain/rule_set.hpp"

namespace tilts::referral_routing {

// Rules, policies and ladders of one folder, checked; named in every result by version and hash.
struct RoutingData {
  RuleSet rules;
  PolicySet policies;
  std::string hash;  // SHA-256 over all files in the order of their names
};

// Reads rules/*.json, policies/*.json, ladders/*.json. kInvalid names every fault: JSON_…, UNKNOWN_FIELD, UNKNOWN_CODE
// and those of CheckRules and CheckPolicies. The version is the number of rules and the highest of their versions.
core::Result<RoutingData> ReadRoutingData(const std::string& folder);

}  // namespace tilts::referral_routing
