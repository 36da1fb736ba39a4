#pragma once

#include "auth/signed_principal.hpp"
#include "core/clock.hpp"
#include "rpc/call.hpp"

namespace tilts::auth {

// Signs outgoing calls: for the caller being served, or for the service itself with the cause.
class SigningCredentials final : public rpc::Credentials {
 public:
  SigningCredentials(const PrincipalSigner& signer, const core::MachineClock& machine_clock)
      : signer_(signer), machine_clock_(machine_clock) {}

  core::Result<rpc::Metadata> For(std::string_view callee, const Principal* on_behalf,
                                  std::string_view cause_id) override;

 private:
  const PrincipalSigner& signer_;
  const core::MachineClock& machine_clock_;
};

}  // namespace tilts::auth
