#include "backbone/trust.hpp"

#include "config/config.hpp"
#include "rpc/channel.hpp"

namespace tilts::backbone {

core::Result<auth::ServiceAuth*> TrustRegistry(service::Runtime& runtime) {
  TILTS_CHECK(config::Require(runtime.config, {"auth"}));
  TILTS_ASSIGN(const std::string address, config::Peer(runtime.config, "registry"));
  // Owned first, so that it outlives the grants that ask through it.
  rpc::Channel& registry = runtime.Own(std::make_unique<rpc::Channel>(address));
  TILTS_ASSIGN(auto made, auth::ServiceAuth::Create(runtime.name, runtime.config.auth(), runtime.machine_clock));
  auth::ServiceAuth& trust = runtime.Own(std::move(made));
  trust.AskRegistry(registry);
  runtime.UseGatekeeper(trust.gatekeeper());
  runtime.lifecycle.Add({"grants",
                         [&trust]() -> core::Status {
                           trust.grants().Start();
                           return {};
                         },
                         {},
                         [&trust](service::StopDeadline) { trust.grants().Stop(); }});
  return &trust;
}

}  // namespace tilts::backbone
