#pragma once

#include "core/result.hpp"

namespace tilts::service {
struct Runtime;
}

namespace tilts::referral_routing {

core::Status Wire(service::Runtime& runtime);

}  // namespace tilts::referral_routing
