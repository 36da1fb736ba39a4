#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/principal.hpp"
#include "core/city_time.hpp"
#include "core/result.hpp"

namespace google::protobuf {
class Message;
class MethodDescriptor;
}  // namespace google::protobuf

namespace tilts::rpc {

// Lower-case keys; keys ending in "-bin" carry bytes. Several values of one key are kept in order.
using Metadata = std::multimap<std::string, std::string, std::less<>>;
std::string_view FirstOf(const Metadata& metadata, std::string_view key);

using Deadline = std::chrono::steady_clock::time_point;

// What a handler knows about the call it serves. Cheap to copy; a copy may outlive the call.
struct CallContext {
  auth::Principal principal;
  std::string method;       // "tilts.intake.v1.IntakeService/ReportConcern"
  std::string call_id;      // `tilts-call-id` of the caller, else random: names the call in logs and audit
  std::string traceparent;  // W3C, this hop's own span; pass it on
  core::CityTime now{};     // the city clock, read once at entry
  Deadline deadline{};
  Metadata metadata;
  std::shared_ptr<const std::atomic<bool>> cancelled_flag;

  // 32 hex digits; empty without a trace.
  std::string_view trace_id() const;
  // What is left, never negative.
  std::chrono::milliseconds Remaining() const;
  // The caller went away; work that only serves the answer may stop.
  bool cancelled() const { return cancelled_flag && *cancelled_flag; }
};

// Decides who calls and whether the method may be called at all (libs/auth). Runs on the executor, so it may read a
// store. Whether the object may be touched is decided by the handler.
class Gatekeeper {
 public:
  virtual ~Gatekeeper() = default;
  virtual core::Result<auth::Principal> Admit(const google::protobuf::MethodDescriptor& method,
                                              const Metadata& metadata, core::CityTime now) = 0;
};

// Adds what proves the caller to an outgoing call (libs/auth signs a principal for the callee's service name).
class Credentials {
 public:
  virtual ~Credentials() = default;
  // `on_behalf` is the principal of the call being served; null when the service acts for itself because of `cause_id`.
  virtual core::Result<Metadata> For(std::string_view callee, const auth::Principal* on_behalf,
                                     std::string_view cause_id) = 0;
};

}  // namespace tilts::rpc
