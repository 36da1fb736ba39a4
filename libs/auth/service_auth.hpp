#pragma once

#include <memory>
#include <string>

#include "auth/credentials.hpp"
#include "auth/gatekeeper.hpp"
#include "auth/grant_directory.hpp"
#include "auth/signed_principal.hpp"

namespace tilts::config::v1 {
class Auth;
}
namespace tilts::rpc {
class Channel;
}

namespace tilts::auth {

// Everything a service needs of this library, built from its configuration:
//   auto& auth = runtime.Own(*auth::ServiceAuth::Create(runtime.name, runtime.config.auth(), runtime.machine_clock));
//   auth.AskRegistry(registry_channel);             // or UseFetch, in the registry itself
//   runtime.UseGatekeeper(auth.gatekeeper());
//   runtime.lifecycle.Add({"grants", [&] { auth.grants().Start(); … }, …});
class ServiceAuth {
 public:
  // kInvalid when a key file is missing or is no Ed25519 key.
  static core::Result<std::unique_ptr<ServiceAuth>> Create(const std::string& service, const config::v1::Auth& config,
                                                           const core::MachineClock& machine_clock);

  // Where grants come from; before Start. The channel must outlive this object.
  void AskRegistry(rpc::Channel& registry);
  void UseFetch(GrantDirectory::Fetch fetch) { fetch_ = std::move(fetch); }

  GrantDirectory& grants() { return grants_; }
  rpc::Gatekeeper& gatekeeper() { return gatekeeper_; }
  rpc::Credentials& credentials() { return credentials_; }
  const PrincipalSigner& signer() const { return signer_; }

 private:
  ServiceAuth(PrincipalSigner signer, PrincipalVerifier verifier, GrantDirectoryOptions options,
              const core::MachineClock& machine_clock);

  PrincipalSigner signer_;
  PrincipalVerifier verifier_;
  SigningCredentials credentials_;
  GrantDirectory::Fetch fetch_;
  GrantDirectory grants_;
  Gatekeeper gatekeeper_;
};

}  // namespace tilts::auth
