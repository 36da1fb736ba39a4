#include "rpc/call.hpp"

#include <algorithm>

#include "rpc/trace_context.hpp"

namespace tilts::rpc {

std::string_view FirstOf(const Metadata& metadata, std::string_view key) {
  const auto entry = metadata.find(key);
  return entry == metadata.end() ? std::string_view() : std::string_view(entry->second);
}

std::string_view CallContext::trace_id() const {
  return TraceIdOf(traceparent);
}

std::chrono::milliseconds CallContext::Remaining() const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::max(left, std::chrono::milliseconds(0));
}

}  // namespace tilts::rpc
