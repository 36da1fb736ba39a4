#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "crypto/secret_key.hpp"

namespace tilts::crypto {

// Keys of one use by id, the newest first. The newest wraps, all unwrap; so a new key is put in front,
// everything is rewrapped, and only then the old one is taken away.
class KeyRing {
 public:
  struct Entry {
    std::string id;  // 1 to 32 of [A-Za-z0-9._-]
    SecretKey key;
  };

  // Entries "<key id> <base64 of 32 bytes>", one a line or separated by commas; lines with # are comments.
  static core::Result<KeyRing> Parse(std::string_view text);
  static core::Result<KeyRing> FromFile(const std::string& path);
  // TILTS_MASTER_KEY, else the file that TILTS_MASTER_KEY_FILE names.
  static core::Result<KeyRing> FromEnvironment();
  // A ring text with one random key, for a first start.
  static std::string Generate();

  const Entry& newest() const { return entries_.front(); }
  const std::vector<Entry>& entries() const { return entries_; }

  // `context` names the owner (the person's id), so that a wrapped key cannot be moved to another.
  std::string Wrap(const SecretKey& key, std::string_view context) const;
  // kCorrupt: MASTER_KEY_MISSING when the key that wrapped it is not in the ring, else SEALED_VALUE.
  core::Result<SecretKey> Unwrap(std::string_view wrapped, std::string_view context) const;

  // Whether an older key still wraps it, and the same key wrapped by the newest.
  bool NeedsRewrap(std::string_view wrapped) const;
  core::Result<std::string> Rewrap(std::string_view wrapped, std::string_view context) const;

 private:
  KeyRing() = default;

  std::vector<Entry> entries_;
};

// The id of the key that wrapped it; empty when the bytes are no wrapped key.
std::string_view WrappingKeyId(std::string_view wrapped);

}  // namespace tilts::crypto
