#pragma once

#include <string>
#include <string_view>

#include "crypto/key_ring.hpp"
#include "crypto/secret_key.hpp"

namespace tilts::case_intake {

// Something sealed under a key of its own, which is wrapped next: by a person's key in the vault, or by the service's
// holding key while there is no such person or no vault.
struct Sealed {
  crypto::SecretKey key;
  std::string bytes;
};

class Sealer {
 public:
  explicit Sealer(crypto::KeyRing holding) : holding_(std::move(holding)) {}

  // `context` names the row, so that sealed bytes moved to another row do not open.
  static Sealed SealFresh(std::string_view plaintext, std::string_view context);
  static core::Result<std::string> Open(std::string_view key, std::string_view sealed, std::string_view context);

  std::string Hold(const crypto::SecretKey& key, std::string_view context) const;
  core::Result<crypto::SecretKey> Unhold(std::string_view wrapped, std::string_view context) const;

 private:
  crypto::KeyRing holding_;
};

}  // namespace tilts::case_intake
