#pragma once

#include "tiltsctl/app/session.hpp"

namespace tilts::tiltsctl {

// One screen: every service, its stores, what waits and the oldest undone item. kRefused when one is not ready.
core::Result<int> ShowStatus(Session& session);

}  // namespace tilts::tiltsctl
