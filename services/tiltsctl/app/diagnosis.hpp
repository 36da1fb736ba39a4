#pragma once

#include <tilts/operations/v1/diagnosis.pb.h>

#include <vector>

#include "tiltsctl/app/status_round.hpp"

namespace tilts::tiltsctl {

// Something waits, so that a second look must show whether it moves.
bool NeedsSecondLook(const std::vector<StatusAnswer>& round);

// What is wrong, from two looks at the same services in the same order; `later` may be the same round. Pure. A service
// that does not answer or a store that is away comes first, and what follows from it is not named again.
operations::v1::Diagnosis Diagnose(const std::vector<StatusAnswer>& earlier, const std::vector<StatusAnswer>& later);

}  // namespace tilts::tiltsctl
