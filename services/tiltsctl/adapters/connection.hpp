#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "rpc/channel.hpp"
#include "tiltsctl/adapters/settings.hpp"

namespace tilts::tiltsctl {

// Calls the owning service directly, as its client: key and acting institution with every call.
class Connection {
 public:
  explicit Connection(Settings settings);

  // `service`: "case-intake"; `method`: "tilts.intake.v1.IntakeService/GetCase".
  template <typename Response>
  core::Result<Response> Call(const std::string& service, std::string_view method,
                              const google::protobuf::Message& request) {
    TILTS_ASSIGN(rpc::Channel * channel, ChannelTo(service));
    return Explained(service, channel->Call<Response>(method, request, Options()));
  }
  core::Result<std::string> CallRaw(const std::string& service, std::string_view method, std::string_view request);

  // Names of every configured service, in order.
  std::vector<std::string> services() const;
  const config::v1::ClientConfig& config() const { return settings_.config; }

 private:
  core::Result<rpc::Channel*> ChannelTo(const std::string& service);
  rpc::CallOptions Options() const;
  core::Error Explain(const std::string& service, core::Error error) const;

  template <typename T>
  core::Result<T> Explained(const std::string& service, core::Result<T> result) const {
    if (!result) return core::Fail(Explain(service, std::move(result).error()));
    return result;
  }

  const Settings settings_;
  std::map<std::string, std::unique_ptr<rpc::Channel>> channels_;
};

}  // namespace tilts::tiltsctl
