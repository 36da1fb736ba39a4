#pragma once

#include <string>
#include <string_view>

namespace tilts::rpc {

// W3C Trace Context, version 00: "00-<32 hex trace>-<16 hex span>-<2 hex flags>".
bool IsTraceparent(std::string_view text);
std::string_view TraceIdOf(std::string_view traceparent);  // empty when malformed
std::string_view SpanIdOf(std::string_view traceparent);

// The next hop's: the same trace with a fresh span, or a new trace when `incoming` is absent or malformed.
std::string NextTraceparent(std::string_view incoming);

// 32 random hex digits for call ids. Not a secret.
std::string RandomHexId();

}  // namespace tilts::rpc
