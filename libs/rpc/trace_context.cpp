#include "rpc/trace_context.hpp"

#include <absl/strings/escaping.h>

#include <algorithm>

#include "core/concat.hpp"
#include "crypto/random.hpp"

namespace tilts::rpc {
namespace {

constexpr std::size_t kLength = 55;

bool IsLowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char character) {
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
  });
}

// Never all zeros, which W3C calls invalid: 64 bits of that are as likely as any other id twice.
std::string RandomHex(std::size_t bytes) {
  return absl::BytesToHexString(crypto::RandomBytes(bytes));
}

}  // namespace

bool IsTraceparent(std::string_view text) {
  if (text.size() != kLength || text.substr(0, 3) != "00-" || text[35] != '-' || text[52] != '-') return false;
  const std::string_view trace = text.substr(3, 32);
  const std::string_view span = text.substr(36, 16);
  const auto zero = [](std::string_view part) { return part.find_first_not_of('0') == std::string_view::npos; };
  return IsLowerHex(trace) && IsLowerHex(span) && IsLowerHex(text.substr(53)) && !zero(trace) && !zero(span);
}

std::string_view TraceIdOf(std::string_view traceparent) {
  return IsTraceparent(traceparent) ? traceparent.substr(3, 32) : std::string_view();
}

std::string_view SpanIdOf(std::string_view traceparent) {
  return IsTraceparent(traceparent) ? traceparent.substr(36, 16) : std::string_view();
}

std::string NextTraceparent(std::string_view incoming) {
  if (IsTraceparent(incoming)) {
    return core::Concat(incoming.substr(0, 36), RandomHex(8), incoming.substr(52));
  }
  return core::Concat("00-", RandomHexId(), "-", RandomHex(8), "-01");
}

std::string RandomHexId() {
  return RandomHex(16);
}

}  // namespace tilts::rpc
