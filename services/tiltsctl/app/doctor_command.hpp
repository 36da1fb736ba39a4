#pragma once

#include <chrono>

#include "tiltsctl/app/session.hpp"

namespace tilts::tiltsctl {

// One screen: which hop is stuck, the oldest undone item, the runbook and the safe next command. kRefused when
// something is; `patience` lies between two looks, when something waits.
core::Result<int> ShowDiagnosis(Session& session, std::chrono::milliseconds patience);

}  // namespace tilts::tiltsctl
