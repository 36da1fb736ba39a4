#pragma once

#include "core/result.hpp"

namespace tilts::service {
struct Runtime;
}

namespace tilts::case_intake {

core::Status Wire(service::Runtime& runtime);

}  // namespace tilts::case_intake
