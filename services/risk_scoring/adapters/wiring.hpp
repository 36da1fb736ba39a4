#pragma once

#include "core/result.hpp"

namespace tilts::config::v1 {
class ServiceConfig;
}
namespace tilts::service {
struct Runtime;
}

namespace tilts::risk_scoring {

core::Status Wire(service::Runtime& runtime);

// The cards of the data folder are right and the first one is among them.
core::Status CheckCards(const config::v1::ServiceConfig& config);

}  // namespace tilts::risk_scoring
