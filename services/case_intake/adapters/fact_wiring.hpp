#pragma once

#include "case_intake/adapters/office.hpp"
#include "core/result.hpp"
#include "rpc/call.hpp"
#include "rpc/channel.hpp"

namespace tilts::service {
struct Runtime;
}

namespace tilts::case_intake {

// The fact door: FactService, its cache and the worker for what is held. The rest outlives the runtime.
core::Status WireFacts(service::Runtime& runtime, const Office& office, rpc::Channel& registry,
                       rpc::Credentials& credentials);

}  // namespace tilts::case_intake
