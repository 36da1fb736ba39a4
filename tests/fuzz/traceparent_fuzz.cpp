// The traceparent header of W3C Trace Context.
#include <algorithm>

#include "require.hpp"
#include "rpc/trace_context.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts;
  using fuzz::Require;
  const std::string_view text = fuzz::Input(data, size);
  const bool valid = rpc::IsTraceparent(text);
  const std::string trace(rpc::TraceIdOf(text));
  const std::string span(rpc::SpanIdOf(text));
  const std::string next = rpc::NextTraceparent(text);
  Require(rpc::IsTraceparent(next), "the next hop's is always valid");
  Require(rpc::TraceIdOf(next).size() == 32 && rpc::SpanIdOf(next).size() == 16, "with ids of their lengths");
  Require(rpc::SpanIdOf(next) != span, "and a span of its own");
  if (!valid) {
    Require(trace.empty() && span.empty(), "a malformed one has no ids");
    Require(next.ends_with("-01"), "a new trace is sampled");
    return 0;
  }
  Require(text == "00-" + trace + "-" + span + "-" + std::string(text.substr(text.size() - 2)), "it is its parts");
  Require(std::all_of(text.begin(), text.end(),
                      [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-'; }),
          "in lower-case hex");
  Require(rpc::TraceIdOf(next) == trace, "the trace goes on");
  return 0;
}
