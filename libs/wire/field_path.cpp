#include "wire/field_path.hpp"

#include <absl/strings/ascii.h>

#include <algorithm>

namespace tilts::wire {

std::string PrintableKey(std::string_view key) {
  const bool plain = !key.empty() && key.size() <= 64 && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '_';
  });
  return plain ? std::string(key) : "?";
}

}  // namespace tilts::wire
