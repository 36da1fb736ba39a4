#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/result.hpp"

// libFuzzer's entry point, defined once in each target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace tilts::fuzz {

// Says which property does not hold and aborts, so that libFuzzer keeps the input.
void Require(bool holds, const char* property);

// What every refusal of outside bytes owes its caller: a message of bounded length in ASCII, a reason or violations,
// and each violation with a code, a message and a path of printable ASCII.
void RequireTold(const core::Error& error);

inline std::string_view Input(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

// Inputs of several parts are lines, so that a seed can be written and read by people: the next line without its end.
std::string_view TakeLine(std::string_view& rest);

}  // namespace tilts::fuzz
