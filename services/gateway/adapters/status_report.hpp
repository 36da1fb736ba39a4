#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "gateway/adapters/upstream.hpp"

namespace tilts::gateway {

// GET /v1/status: what every service says about itself, asked at the same time, each with its own
// limit. A service that does not answer is named as unreachable; the others are shown all the same.
core::Result<std::string> StatusReport(Upstream& upstream, const CallLabels& labels, std::chrono::milliseconds limit);

}  // namespace tilts::gateway
