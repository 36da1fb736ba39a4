#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace tilts::auth {

// "tk_<key id>_<secret>": the id finds the stored row; the secret is 32 random bytes and is stored
// only as a SHA-256 hash (high entropy needs no slow hash).
struct ApiKey {
  std::string key_id;  // 8 to 64 of [a-z0-9-], never an underscore
  std::string secret;  // 43 of base64url
};

core::Result<ApiKey> ParseApiKey(std::string_view text);
std::string FormatApiKey(const ApiKey& key);

// Fresh from the system's random source.
ApiKey NewApiKey();

// What the registry stores: the 32 bytes of SHA-256 over the secret.
std::string ApiKeySecretHash(std::string_view secret);

// In constant time.
bool ApiKeyMatches(const ApiKey& key, std::string_view stored_secret_hash);

}  // namespace tilts::auth
