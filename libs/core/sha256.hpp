#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/sha256_block.hpp"

namespace tilts::core {

using Sha256Digest = std::array<std::uint8_t, 32>;

// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104) without a dependency, so that libraries without I/O can derive
// stable ids and fingerprints. Sealing and signing are libs/crypto's business.
Sha256Digest Sha256(std::string_view data);
Sha256Digest HmacSha256(std::string_view key, std::string_view data);

// HMAC-SHA-256 under a key that is used often: what depends on the key alone is computed once. Secret as the key is.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);
  Sha256Digest Of(std::string_view data) const;

 private:
  internal::Sha256State inner_;
  internal::Sha256State outer_;
};

// Lower-case hex of the first `bytes` bytes.
std::string Hex(const Sha256Digest& digest, std::size_t bytes = 32);

}  // namespace tilts::core
