#include "gateway/adapters/upstream.hpp"

namespace tilts::gateway {

Upstream::Upstream(const std::map<std::string, std::string>& targets, rpc::Credentials& credentials)
    : credentials_(credentials) {
  for (const auto& [service, target] : targets) {
    channels_.emplace(service, std::make_unique<rpc::Channel>(target));
    waiting_channels_.emplace(service, std::make_unique<rpc::Channel>(target));
  }
}

rpc::Channel* Upstream::Find(const std::string& service) const {
  const auto found = channels_.find(service);
  return found == channels_.end() ? nullptr : found->second.get();
}

std::vector<std::string> Upstream::services() const {
  std::vector<std::string> names;
  for (const auto& [service, channel] : channels_) names.push_back(service);
  return names;
}

void Upstream::CancelWaits() {
  for (const auto& [service, channel] : waiting_channels_) channel->Cancel();
}

void Upstream::CancelAll() {
  CancelWaits();
  for (const auto& [service, channel] : channels_) channel->Cancel();
}

core::Result<std::string> Upstream::Call(const std::string& service, const std::string& rpc_name,
                                         const auth::Principal& caller, const std::string& request,
                                         const CallLabels& labels, std::chrono::milliseconds timeout) {
  return Send(channels_, service, rpc_name, &caller, request, labels, timeout);
}

core::Result<std::string> Upstream::Wait(const std::string& service, const std::string& rpc_name,
                                         const auth::Principal& caller, const std::string& request,
                                         const CallLabels& labels, std::chrono::milliseconds timeout) {
  return Send(waiting_channels_, service, rpc_name, &caller, request, labels, timeout);
}

core::Result<std::string> Upstream::CallAsSelf(const std::string& service, const std::string& rpc_name,
                                               const std::string& request, const CallLabels& labels,
                                               std::chrono::milliseconds timeout) {
  return Send(channels_, service, rpc_name, nullptr, request, labels, timeout);
}

core::Result<std::string> Upstream::Send(const Channels& channels, const std::string& service,
                                         const std::string& rpc_name, const auth::Principal* caller,
                                         const std::string& request, const CallLabels& labels,
                                         std::chrono::milliseconds timeout) {
  const auto found = channels.find(service);
  if (found == channels.end()) {
    return core::Fail(core::Errc::kUnavailable, "This part of Tilts is not running here.", "PEER_MISSING");
  }
  rpc::CallOptions options;
  options.timeout = timeout;
  options.call_id = labels.call_id;
  options.traceparent = labels.traceparent;
  TILTS_ASSIGN(options.metadata, credentials_.For(service, caller, labels.call_id));
  return found->second->CallRaw(rpc_name, request, options);
}

}  // namespace tilts::gateway
