#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "crypto/key_ring.hpp"

namespace tilts::notification {

// Signing secrets at rest: each endpoint has a key of its own, wrapped by the service's holding key and bound to the
// endpoint's id, so that a row copied elsewhere does not open.
class SecretSealer {
 public:
  explicit SecretSealer(crypto::KeyRing ring) : ring_(std::move(ring)) {}

  std::string NewKey(std::string_view endpoint_id) const;
  core::Result<std::string> Seal(std::string_view endpoint_id, std::string_view wrapped_key,
                                 std::string_view secret) const;
  core::Result<std::string> Open(std::string_view endpoint_id, std::string_view wrapped_key,
                                 std::string_view sealed) const;

 private:
  crypto::KeyRing ring_;
};

}  // namespace tilts::notification
