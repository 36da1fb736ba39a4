#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "auth/principal.hpp"
#include "core/city_time.hpp"
#include "core/result.hpp"
#include "crypto/ed25519.hpp"

namespace tilts::auth {

// gRPC metadata key of a signed principal.
inline constexpr std::string_view kPrincipalMetadata = "tilts-principal";
inline constexpr std::chrono::seconds kPrincipalLifetime{60};
// How far a peer's machine clock may be ahead of ours.
inline constexpr std::chrono::seconds kPrincipalSkew{5};

// Same type as the city clock's, but read from the machine clock: a token lives a real minute.
using MachineTime = core::CityTime;

// Signs principals for inner calls with the service's own Ed25519 key. A token is bound to one callee.
// Thread-safe.
class PrincipalSigner {
 public:
  PrincipalSigner(std::string service, crypto::SigningKey key, std::chrono::seconds lifetime = kPrincipalLifetime);

  // `issuer` of what is signed is always this signer's service. kInvalid when a value could not be
  // told apart from its neighbours (a control character).
  core::Result<std::string> Sign(Principal principal, std::string_view audience, MachineTime now) const;
  // The service for itself, because of an event, request or job.
  core::Result<std::string> SignAsSelf(std::string_view audience, std::string_view cause_id, MachineTime now) const;

  const std::string& service() const { return service_; }

 private:
  std::string service_;
  crypto::SigningKey key_;
  std::chrono::seconds lifetime_;
};

// Verifies them at the callee with the issuers' public keys (several per issuer while rotating). A
// principal of a service must have been issued by that service itself. Thread-safe.
class PrincipalVerifier {
 public:
  // issuer -> raw Ed25519 public key.
  PrincipalVerifier(std::string audience, std::multimap<std::string, std::string> public_keys)
      : audience_(std::move(audience)), public_keys_(std::move(public_keys)) {}

  // kUnauthenticated with reason PRINCIPAL_INVALID, PRINCIPAL_EXPIRED or PRINCIPAL_AUDIENCE.
  core::Result<Principal> Verify(std::string_view token, MachineTime now) const;

 private:
  std::string audience_;
  std::multimap<std::string, std::string> public_keys_;
};

}  // namespace tilts::auth
