#include "notification/adapters/secret_sealer.hpp"

#include "crypto/seal.hpp"

namespace tilts::notification {
namespace {

std::string Context(std::string_view endpoint_id) {
  return "endpoint/" + std::string(endpoint_id);
}

}  // namespace

std::string SecretSealer::NewKey(std::string_view endpoint_id) const {
  return ring_.Wrap(crypto::SecretKey::Random(), Context(endpoint_id));
}

core::Result<std::string> SecretSealer::Seal(std::string_view endpoint_id, std::string_view wrapped_key,
                                             std::string_view secret) const {
  TILTS_ASSIGN(const crypto::SecretKey key, ring_.Unwrap(wrapped_key, Context(endpoint_id)));
  return crypto::Seal(key, secret, Context(endpoint_id));
}

core::Result<std::string> SecretSealer::Open(std::string_view endpoint_id, std::string_view wrapped_key,
                                             std::string_view sealed) const {
  TILTS_ASSIGN(const crypto::SecretKey key, ring_.Unwrap(wrapped_key, Context(endpoint_id)));
  return crypto::Open(key, sealed, Context(endpoint_id));
}

}  // namespace tilts::notification
