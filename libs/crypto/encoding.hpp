#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace tilts::crypto {

// Bytes travel as std::string, text as std::string_view. Decoders are strict: a wrong character, a
// wrong length or bits left over is kInvalid, and the error never repeats the input.

std::string ToHex(std::string_view bytes);
core::Result<std::string> FromHex(std::string_view text);

std::string ToBase64(std::string_view bytes);  // with padding
core::Result<std::string> FromBase64(std::string_view text);

std::string ToBase64Url(std::string_view bytes);  // without padding
core::Result<std::string> FromBase64Url(std::string_view text);

// a-z and 2-7, without padding: fits a file name, a URL and a Kafka key.
std::string ToBase32(std::string_view bytes);

}  // namespace tilts::crypto
