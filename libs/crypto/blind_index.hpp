#pragma once

#include <string>
#include <string_view>

#include "crypto/secret_key.hpp"

namespace tilts::crypto {

// Finds a sealed identifier without storing it: a keyed hash of the normalised value. The key is its
// own (never a master key), so that rotating master keys leaves the index as it is.
class BlindIndex {
 public:
  explicit BlindIndex(const SecretKey& key);

  // 32 bytes. The same value in two identifier systems gives two different indexes.
  std::string Of(std::string_view system, std::string_view value) const;

 private:
  SecretKey key_;
};

// ASCII letters in upper case, without spaces, hyphens, dots and slashes: "010203-12345" and
// "010203 12345" are the same code.
std::string NormaliseIdentifier(std::string_view value);

}  // namespace tilts::crypto
