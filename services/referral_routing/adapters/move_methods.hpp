#pragma once

#include "referral_routing/adapters/referral_api.hpp"
#include "rpc/method_table.hpp"

namespace tilts::referral_routing {

// Binds every method of ReferralService.
void BindMethods(rpc::MethodTable& methods, const ReferralApi& api);

}  // namespace tilts::referral_routing
