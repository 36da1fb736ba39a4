#pragma once

#include <memory>
#include <string>

#include "core/clock.hpp"
#include "core/result.hpp"

namespace tilts::service {

std::unique_ptr<core::MachineClock> MakeMachineClock();

// The system's clock, or the mapped file that the simulator steps (eight bytes, little endian, microseconds since 1970
// UTC). A file clock is refused unless the environment is demo or test.
core::Result<std::unique_ptr<core::CityClock>> MakeCityClock(const std::string& file, const std::string& environment);

}  // namespace tilts::service
