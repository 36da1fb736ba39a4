#include "require.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace tilts::fuzz {
namespace {

constexpr std::size_t kLongestText = 100'000;

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool IsCode(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

void Require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

void RequireTold(const core::Error& error) {
  Require(!error.message.empty() && error.message.size() <= kLongestText, "a refusal has a message of bounded length");
  Require(!error.violations.empty() || IsCode(error.reason), "a refusal has a reason or violations");
  for (const core::Violation& violation : error.violations) {
    Require(IsCode(violation.code), "a violation has a code");
    Require(!violation.message.empty(), "a violation says what to do");
    Require(IsPrintable(violation.field), "a violation's path is printable");
  }
}

std::string_view TakeLine(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  return line;
}

}  // namespace tilts::fuzz
