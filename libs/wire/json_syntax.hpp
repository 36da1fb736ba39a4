#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "core/result.hpp"

namespace tilts::wire {

// RFC 8259 and nothing else: Protobuf's own parser lets single quotes, bare keys, trailing commas
// and repeated keys pass. Include this in .cpp files only: the JSON header is heavy.
core::Result<nlohmann::json> ParseStrictJson(std::string_view text);

inline constexpr std::size_t kMaxJsonDepth = 32;

}  // namespace tilts::wire
