#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "crypto/secret_key.hpp"

namespace tilts::crypto {

// The master keys, by version. The newest wraps, all unwrap; so a new version is added, everything is
// rewrapped, and only then the old one is taken away.
class KeyRing {
 public:
  // Entries "<version>:<base64 of 32 bytes>", separated by commas or new lines; lines with # are comments.
  static core::Result<KeyRing> Parse(std::string_view text);
  static core::Result<KeyRing> FromFile(const std::string& path);
  // TILTS_MASTER_KEY, or the file that TILTS_MASTER_KEY_FILE names.
  static core::Result<KeyRing> FromEnvironment();
  // A ring text with one random key, for a first start.
  static std::string Generate();

  std::uint32_t newest() const { return keys_.rbegin()->first; }

  // `context` names the owner (the person's id), so that a wrapped key cannot be moved to another.
  std::string Wrap(const SecretKey& key, std::string_view context) const;
  core::Result<SecretKey> Unwrap(std::string_view wrapped, std::string_view context) const;

  // Whether it is still wrapped by an older version, and the same key wrapped by the newest.
  bool NeedsRewrap(std::string_view wrapped) const;
  core::Result<std::string> Rewrap(std::string_view wrapped, std::string_view context) const;

 private:
  KeyRing() = default;

  std::map<std::uint32_t, SecretKey> keys_;
};

}  // namespace tilts::crypto
