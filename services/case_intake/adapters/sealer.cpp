#include "case_intake/adapters/sealer.hpp"

#include "crypto/seal.hpp"

namespace tilts::case_intake {

Sealed Sealer::SealFresh(std::string_view plaintext, std::string_view context) {
  crypto::SecretKey key = crypto::SecretKey::Random();
  std::string bytes = crypto::Seal(key, plaintext, context);
  return {std::move(key), std::move(bytes)};
}

core::Result<std::string> Sealer::Open(std::string_view key, std::string_view sealed, std::string_view context) {
  TILTS_ASSIGN(const crypto::SecretKey secret, crypto::SecretKey::FromBytes(key));
  return crypto::Open(secret, sealed, context);
}

std::string Sealer::Hold(const crypto::SecretKey& key, std::string_view context) const {
  return holding_.Wrap(key, context);
}

core::Result<crypto::SecretKey> Sealer::Unhold(std::string_view wrapped, std::string_view context) const {
  return holding_.Unwrap(wrapped, context);
}

}  // namespace tilts::case_intake
