#pragma once

#include <tilts/config/v1/config.pb.h>

#include "core/result.hpp"

namespace tilts::log {
class Logger;
}
namespace tilts::service {
struct Runtime;
}

namespace tilts::registry {

core::Status Wire(service::Runtime& runtime);

// Schema, institutions, the operator's first key, and whatever older keys still hold.
core::Status Migrate(const config::v1::ServiceConfig& config, const log::Logger& log);

// Data files and key files, without opening a store.
core::Status CheckFiles(const config::v1::ServiceConfig& config);

}  // namespace tilts::registry
