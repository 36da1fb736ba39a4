#include "crypto/secret_key.hpp"

#include <openssl/crypto.h>

#include <utility>

#include "crypto/random.hpp"

namespace tilts::crypto {

SecretKey SecretKey::Random() {
  return SecretKey(RandomBytes(32));
}

core::Result<SecretKey> SecretKey::FromBytes(std::string_view bytes) {
  if (bytes.size() != 32) return core::Fail(core::Errc::kInvalid, "a key has 32 bytes", "KEY_LENGTH");
  return SecretKey(std::string(bytes));
}

SecretKey::SecretKey(SecretKey&& other) noexcept : bytes_(std::move(other.bytes_)) {}

SecretKey& SecretKey::operator=(SecretKey other) noexcept {
  bytes_.swap(other.bytes_);
  return *this;
}

SecretKey::~SecretKey() {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

}  // namespace tilts::crypto
