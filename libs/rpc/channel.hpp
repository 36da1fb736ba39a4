#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "rpc/call.hpp"

namespace tilts::rpc {

class ClientStream;

struct ChannelOptions {
  std::size_t max_message_bytes = 4u << 20;
};

// Every outgoing call has a deadline.
struct CallOptions {
  std::chrono::milliseconds timeout{5'000};
  Metadata metadata;
  std::string traceparent;
  std::string call_id;
  // Wait for a peer that is starting, until the deadline, instead of failing at once.
  bool wait_for_ready = false;

  // Inherits deadline (never longer than `at_most`), trace and call id from the call being served.
  static CallOptions Within(const CallContext& call, std::chrono::milliseconds at_most = std::chrono::seconds(30));
};

// A connection to one service, made at once, connected when first used, safe from any thread. Owned by main's lifecycle
// (destroying the last channel on a gRPC thread deadlocks). Reconnects within a second of the peer's return.
class Channel {
 public:
  // `target`: host:port.
  explicit Channel(const std::string& target, ChannelOptions options = {});
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  //   channel.Call<GetCaseResponse>("tilts.intake.v1.CaseService/GetCase", request, options)
  template <typename Response>
  core::Result<Response> Call(std::string_view method, const google::protobuf::Message& request,
                              const CallOptions& options) {
    Response response;
    if (auto status = CallInto(method, request, response, options); !status) {
      return tl::make_unexpected(std::move(status).error());
    }
    return response;
  }

  // The bytes of request and answer as they are on the wire: for the gateway, which transcodes by reflection.
  core::Result<std::string> CallRaw(std::string_view method, std::string_view request, const CallOptions& options);

  // A stream both ways; options.timeout is the whole stream's. The channel outlives it.
  core::Result<std::unique_ptr<ClientStream>> OpenStream(std::string_view method, const CallOptions& options);

  // For shutdown: every call in flight, and every later one, ends at once with kUnavailable.
  void Cancel();

 private:
  friend class ClientStream;
  core::Status CallInto(std::string_view method, const google::protobuf::Message& request,
                        google::protobuf::Message& response, const CallOptions& options);

  struct Parts;
  class InFlight;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::rpc
