#pragma once

#include <string_view>

#include "core/result.hpp"
#include "gateway/app/request_path.hpp"
#include "gateway/app/transcoding.hpp"
#include "http/message.hpp"
#include "rpc/call.hpp"

namespace tilts::gateway {

// kInvalid for a broken percent escape.
core::Result<RequestPath> ToRequestPath(std::string_view encoded_path);

// The headers that say who calls and why; every other header stays at the door.
rpc::Metadata ToMetadata(const http::Headers& headers);

HttpInput ToInput(const http::Request& request);

}  // namespace tilts::gateway
