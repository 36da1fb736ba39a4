#include "tiltsctl/adapters/connection.hpp"

#include <algorithm>

#include "config/config.hpp"
#include "core/concat.hpp"

namespace tilts::tiltsctl {

Connection::Connection(Settings settings) : settings_(std::move(settings)) {
  for (const auto& [service, address] : settings_.config.services()) {
    channels_[service] = std::make_unique<rpc::Channel>(address, rpc::ChannelOptions{16u << 20});
  }
}

std::vector<std::string> Connection::services() const {
  std::vector<std::string> names;
  for (const auto& [service, channel] : channels_) names.push_back(service);
  return names;
}

core::Result<rpc::Channel*> Connection::ChannelTo(const std::string& service) {
  const auto entry = channels_.find(service);
  if (entry != channels_.end()) return entry->second.get();
  return core::Fail(core::Errc::kInvalid,
                    core::Concat("no address of ", service, " is configured: set services.", service), "CONFIG");
}

rpc::CallOptions Connection::Options() const {
  rpc::CallOptions options;
  options.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(config::ToChrono(settings_.config.timeout()));
  if (!settings_.key.empty()) options.metadata.emplace("authorization", "Bearer " + settings_.key);
  if (!settings_.config.institution().empty()) {
    options.metadata.emplace("tilts-institution", settings_.config.institution());
  }
  return options;
}

core::Error Connection::Explain(const std::string& service, core::Error error) const {
  const bool from_service = !error.reason.empty();
  if (error.code == core::Errc::kUnavailable && !from_service) {
    error.message = core::Concat(service, " does not answer at ", settings_.config.services().at(service));
    error.reason = "UNREACHABLE";
  }
  return error;
}

core::Result<std::string> Connection::CallRaw(const std::string& service, std::string_view method,
                                              std::string_view request) {
  TILTS_ASSIGN(rpc::Channel * channel, ChannelTo(service));
  return Explained(service, channel->CallRaw(method, request, Options()));
}

}  // namespace tilts::tiltsctl
