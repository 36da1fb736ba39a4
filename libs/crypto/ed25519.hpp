#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "crypto/secret_key.hpp"

namespace tilts::crypto {

// Signs with Ed25519. Keys are raw: 32 bytes of seed, 32 bytes of public key; signatures have 64 bytes.
class SigningKey {
 public:
  static SigningKey Random();
  static SigningKey FromSeed(SecretKey seed);

  // The file holds the base64 of the seed, or PEM as OpenSSL writes it; it is written in the first form and
  // readable by its owner only.
  static core::Result<SigningKey> FromFile(const std::string& path);
  core::Status WriteFile(const std::string& path) const;

  const std::string& public_key() const { return public_key_; }
  std::string_view seed() const { return seed_.bytes(); }
  std::string Sign(std::string_view message) const;

 private:
  SigningKey(SecretKey seed, std::string public_key) : seed_(std::move(seed)), public_key_(std::move(public_key)) {}

  SecretKey seed_;
  std::string public_key_;
};

// False for a wrong signature and for a key that is none.
bool VerifySignature(std::string_view public_key, std::string_view message, std::string_view signature);

// Reads a file with the base64 of a raw public key, or PEM.
core::Result<std::string> ReadPublicKeyFile(const std::string& path);

}  // namespace tilts::crypto
