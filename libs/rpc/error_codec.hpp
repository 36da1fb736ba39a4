#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace tilts::rpc {

inline constexpr std::string_view kErrorMetadata = "tilts-error-bin";

// core::Error as tilts.errors.v1.ErrorDetail, whole and back.
std::string EncodeError(const core::Error& error);
core::Result<core::Error> DecodeError(std::string_view bytes);

}  // namespace tilts::rpc
