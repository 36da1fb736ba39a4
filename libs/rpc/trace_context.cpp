#include "rpc/trace_context.hpp"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <cstdint>
#include <random>

namespace tilts::rpc {
namespace {

constexpr std::size_t kLength = 55;

bool IsLowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char character) {
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
  });
}

std::uint64_t RandomNumber() {
  thread_local std::mt19937_64 source = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return source() | 1;  // never zero, which W3C calls invalid
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
    return absl::StrFormat("%s%016x%s", incoming.substr(0, 36), RandomNumber(), incoming.substr(52));
  }
  return absl::StrFormat("00-%s-%016x-01", RandomHexId(), RandomNumber());
}

std::string RandomHexId() {
  return absl::StrFormat("%016x%016x", RandomNumber(), RandomNumber());
}

}  // namespace tilts::rpc
