#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "crypto/secret_key.hpp"

namespace tilts::crypto {

// AES-256-GCM with a random nonce. `context` is not stored but must be the same on opening: pass the
// ids of the row, so that a sealed value moved to another row does not open.
// Layout: version 1 (1 byte), nonce (12), ciphertext, tag (16).
std::string Seal(const SecretKey& key, std::string_view plaintext, std::string_view context);

// kCorrupt when the bytes, the key or the context differ: which of them is not told.
core::Result<std::string> Open(const SecretKey& key, std::string_view sealed, std::string_view context);

}  // namespace tilts::crypto
