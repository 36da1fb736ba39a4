#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

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

// The services behind the door: one channel each, every call signed for its callee.
class Upstream {
 public:
  // service name -> host:port
  Upstream(const std::map<std::string, std::string>& targets, rpc::Credentials& credentials);

  // On behalf of the caller. kUnavailable with PEER_MISSING when the service is not configured.
  core::Result<std::string> Call(const std::string& service, const std::string& rpc_name, const auth::Principal& caller,
                                 const std::string& request, const CallLabels& labels,
                                 std::chrono::milliseconds timeout);
  // For the gateway itself.
  core::Result<std::string> CallAsSelf(const std::string& service, const std::string& rpc_name,
                                       const std::string& request, const CallLabels& labels,
                                       std::chrono::milliseconds timeout);

  const std::map<std::string, std::unique_ptr<rpc::Channel>>& channels() const { return channels_; }
  // Null when it is not configured.
  rpc::Channel* Find(const std::string& service) const;

 private:
  core::Result<std::string> Send(const std::string& service, const std::string& rpc_name, const auth::Principal* caller,
                                 const std::string& request, const CallLabels& labels,
                                 std::chrono::milliseconds timeout);

  rpc::Credentials& credentials_;
  std::map<std::string, std::unique_ptr<rpc::Channel>> channels_;
};

}  // namespace tilts::gateway
