#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "auth/principal.hpp"
#include "core/result.hpp"

namespace tilts::auth {

// gRPC metadata key of a signed principal.
inline constexpr std::string_view kPrincipalMetadata = "tilts-principal";
inline constexpr std::chrono::seconds kPrincipalLifetime{60};
// How far a peer's machine clock may be ahead of ours.
inline constexpr std::chrono::seconds kPrincipalSkew{5};

using MachineTime = std::chrono::sys_time<std::chrono::microseconds>;

// Signs principals for inner calls with the service's own Ed25519 key. Tokens are bound to one
// callee and live for a minute of the machine clock; the clock is passed in. Thread-safe.
class PrincipalSigner {
 public:
  // `private_key_pem`: PKCS#8. kInvalid if it is not an Ed25519 key.
  static core::Result<PrincipalSigner> Create(std::string service, std::string_view private_key_pem);
  PrincipalSigner(PrincipalSigner&&) noexcept;
  PrincipalSigner& operator=(PrincipalSigner&&) noexcept;
  ~PrincipalSigner();

  // `issuer` of the result is always this signer's service.
  core::Result<std::string> Sign(Principal principal, std::string_view audience, MachineTime now) const;
  // The service for itself, because of an event, request or job.
  core::Result<std::string> SignAsSelf(std::string_view audience, std::string_view cause_id, MachineTime now) const;

  const std::string& service() const;

 private:
  struct State;
  explicit PrincipalSigner(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Verifies them at the callee with the issuers' public keys (several per issuer while rotating).
// A service principal must have been issued by that service itself.
class PrincipalVerifier {
 public:
  // issuer -> public keys (PEM).
  static core::Result<PrincipalVerifier> Create(std::string audience,
                                                const std::multimap<std::string, std::string>& public_keys);
  PrincipalVerifier(PrincipalVerifier&&) noexcept;
  PrincipalVerifier& operator=(PrincipalVerifier&&) noexcept;
  ~PrincipalVerifier();

  // kUnauthenticated with reason PRINCIPAL_INVALID, PRINCIPAL_EXPIRED or PRINCIPAL_AUDIENCE.
  core::Result<Principal> Verify(std::string_view token, MachineTime now) const;

 private:
  struct State;
  explicit PrincipalVerifier(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tilts::auth
