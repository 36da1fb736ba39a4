#include "auth/api_key.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"

namespace tilts::auth {
namespace {

constexpr std::string_view kPrefix = "tk_";
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kIdLength = 16;

bool IsKeyId(std::string_view text) {
  return text.size() >= 8 && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

}  // namespace

core::Result<ApiKey> ParseApiKey(std::string_view text) {
  const auto fail = [] { return core::Fail(core::Errc::kInvalid, "This is not an API key.", "KEY_FORMAT"); };
  if (!text.starts_with(kPrefix)) return fail();
  text.remove_prefix(kPrefix.size());
  // base64url has underscores too, so the first one ends the id.
  const std::size_t underscore = text.find('_');
  if (underscore == std::string_view::npos || !IsKeyId(text.substr(0, underscore))) return fail();
  const std::string_view secret = text.substr(underscore + 1);
  const auto bytes = crypto::FromBase64Url(secret);
  if (!bytes || bytes->size() != kSecretBytes) return fail();
  return ApiKey{std::string(text.substr(0, underscore)), std::string(secret)};
}

std::string FormatApiKey(const ApiKey& key) {
  return std::string(kPrefix) + key.key_id + '_' + key.secret;
}

ApiKey NewApiKey() {
  return {crypto::RandomId().substr(0, kIdLength), crypto::ToBase64Url(crypto::RandomBytes(kSecretBytes))};
}

std::string ApiKeySecretHash(std::string_view secret) {
  return crypto::Sha256(secret);
}

bool ApiKeyMatches(const ApiKey& key, std::string_view stored_secret_hash) {
  return crypto::ConstantTimeEqual(ApiKeySecretHash(key.secret), stored_secret_hash);
}

}  // namespace tilts::auth
