#pragma once

#include "core/result.hpp"

namespace tilts::service {
struct Runtime;
}

namespace tilts::notification {

// Builds the service of the runtime's configuration.
core::Status Wire(service::Runtime& runtime);

}  // namespace tilts::notification
