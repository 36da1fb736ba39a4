#pragma once

#include <concepts>
#include <cstdio>
#include <string>
#include <string_view>

namespace tilts::core {
namespace internal {

inline void Append(std::string& text, std::string_view part) {
  text += part;
}
inline void Append(std::string& text, std::integral auto number) {
  text += std::to_string(number);
}
inline void Append(std::string& text, double number) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.15g", number);
  text += buffer;
}

}  // namespace internal

// Texts and numbers in a row. (Debian's absl::StrCat has a string_view of its own and does not take std::string_view.)
template <typename... Parts>
std::string Concat(const Parts&... parts) {
  std::string text;
  (internal::Append(text, parts), ...);
  return text;
}

}  // namespace tilts::core
