#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>

#include <memory>
#include <mutex>
#include <set>

#include "rpc/channel.hpp"

namespace tilts::rpc {

struct Channel::Parts {
  std::shared_ptr<grpc::Channel> channel;
  grpc::GenericStub stub;
  std::mutex mutex;
  std::set<grpc::ClientContext*> in_flight;
  bool cancelled = false;

  Parts(const std::string& target, const ChannelOptions& options);
};

// Registers a call for as long as it is in flight, so that it can be cancelled.
class Channel::InFlight {
 public:
  InFlight(Parts& parts, grpc::ClientContext& context) : parts_(parts), context_(context) {
    const std::lock_guard lock(parts_.mutex);
    parts_.in_flight.insert(&context_);
    if (parts_.cancelled) context_.TryCancel();
  }
  ~InFlight() {
    const std::lock_guard lock(parts_.mutex);
    parts_.in_flight.erase(&context_);
  }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

  bool cancelled() const {
    const std::lock_guard lock(parts_.mutex);
    return parts_.cancelled;
  }

 private:
  Parts& parts_;
  grpc::ClientContext& context_;
};

namespace internal {

// Deadline and metadata of an outgoing call.
core::Status Prepare(grpc::ClientContext& context, const CallOptions& options);
// How a call or stream that did not end well is told; `stopping`: our side has cancelled it.
core::Error ErrorOf(const grpc::ClientContext& context, const grpc::Status& status, bool stopping);

}  // namespace internal
}  // namespace tilts::rpc
