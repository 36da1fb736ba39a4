#pragma once

#include "auth/service_auth.hpp"
#include "service/service.hpp"

namespace tilts::backbone {

// Makes the service admit callers: its keys, the grants (asked of the registry, cached on disk), the gatekeeper. For
// every service but the registry, which holds the grants itself. The answer lives as long as the runtime.
core::Result<auth::ServiceAuth*> TrustRegistry(service::Runtime& runtime);

}  // namespace tilts::backbone
