#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "auth/principal.hpp"
#include "core/result.hpp"
#include "rpc/call.hpp"
#include "rpc/channel.hpp"

namespace tilts::gateway {

// What a call carries from hop to hop.
struct CallLabels {
  std::string call_id;
  std::string traceparent;
};

// The services behind the door, every call signed for its callee. Calls that wait (long polls) have a
// channel of their own per service, so that a stopping door can end them without touching the others.
class Upstream {
 public:
  // service name -> host:port
  Upstream(const std::map<std::string, std::string>& targets, rpc::Credentials& credentials);

  // On behalf of the caller. kUnavailable with PEER_MISSING when the service is not configured.
  core::Result<std::string> Call(const std::string& service, const std::string& rpc_name, const auth::Principal& caller,
                                 const std::string& request, const CallLabels& labels,
                                 std::chrono::milliseconds timeout);
  // The same for a call that may wait.
  core::Result<std::string> Wait(const std::string& service, const std::string& rpc_name, const auth::Principal& caller,
                                 const std::string& request, const CallLabels& labels,
                                 std::chrono::milliseconds timeout);
  // For the gateway itself.
  core::Result<std::string> CallAsSelf(const std::string& service, const std::string& rpc_name,
                                       const std::string& request, const CallLabels& labels,
                                       std::chrono::milliseconds timeout);

  // Ends what waits, or everything.
  void CancelWaits();
  void CancelAll();

  std::vector<std::string> services() const;
  // Null when it is not configured.
  rpc::Channel* Find(const std::string& service) const;

 private:
  using Channels = std::map<std::string, std::unique_ptr<rpc::Channel>>;

  core::Result<std::string> Send(const Channels& channels, const std::string& service, const std::string& rpc_name,
                                 const auth::Principal* caller, const std::string& request, const CallLabels& labels,
                                 std::chrono::milliseconds timeout);

  rpc::Credentials& credentials_;
  Channels channels_;
  Channels waiting_channels_;
};

}  // namespace tilts::gateway
