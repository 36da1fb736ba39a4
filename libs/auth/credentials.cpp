#include "auth/credentials.hpp"

namespace tilts::auth {

core::Result<rpc::Metadata> SigningCredentials::For(std::string_view callee, const Principal* on_behalf,
                                                    std::string_view cause_id) {
  const MachineTime now = machine_clock_.Now();
  TILTS_ASSIGN(std::string token, on_behalf != nullptr ? signer_.Sign(*on_behalf, callee, now)
                                                       : signer_.SignAsSelf(callee, cause_id, now));
  rpc::Metadata metadata;
  metadata.emplace(kPrincipalMetadata, std::move(token));
  return metadata;
}

}  // namespace tilts::auth
