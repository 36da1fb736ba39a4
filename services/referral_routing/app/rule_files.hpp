#pragma once

#include <tilts/referrals/v1/rules.pb.h>

#include "core/result.hpp"
#include "referral_routing/domain/policy.hpp"
#include "referral_routing/domain/rule.hpp"

namespace tilts::referral_routing {

// The data files' messages as domain values. kInvalid: a code left at UNSPECIFIED, a deadline kind nobody knows.
core::Result<Rule> RuleOf(const referrals::v1::RuleFile& file);
core::Result<Ladder> LadderOf(const referrals::v1::LadderFile& file);
core::Result<Policy> PolicyOf(const referrals::v1::PolicyFile& file);

}  // namespace tilts::referral_routing
