#include "standard_webhooks/webhook_key.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"

namespace tilts::standard_webhooks {
namespace {

using core::Errc;
using core::Fail;
using core::Result;

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::string_view kPrivatePrefix = "whsk_";
constexpr std::string_view kPublicPrefix = "whpk_";
constexpr std::string_view kHmacMark = "v1,";
constexpr std::string_view kEd25519Mark = "v1a,";
constexpr std::size_t kLeastSecret = 24;
constexpr std::size_t kMostSecret = 64;
constexpr std::size_t kNewSecret = 32;

tl::unexpected<core::Error> Wrong(std::string message) {
  return Fail(Errc::kInvalid, std::move(message), "WEBHOOK_KEY");
}

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

Result<WebhookKey> WebhookKey::Parse(std::string_view text) {
  WebhookKey key;
  const bool is_private = TakePrefix(text, kPrivatePrefix);
  const bool is_public = !is_private && TakePrefix(text, kPublicPrefix);
  if (!is_private && !is_public) TakePrefix(text, kSecretPrefix);
  auto bytes = crypto::FromBase64(text);
  if (!bytes) return Wrong("a webhook key is whsec_, whsk_ or whpk_ followed by base64");
  if (is_private) {
    auto seed = crypto::SecretKey::FromBytes(*bytes);
    if (!seed) return Wrong("a whsk_ key holds 32 bytes");
    key.signing_key_ = crypto::SigningKey::FromSeed(std::move(*seed));
    key.public_key_ = key.signing_key_->public_key();
  } else if (is_public) {
    if (bytes->size() != 32) return Wrong("a whpk_ key holds 32 bytes");
    key.public_key_ = std::move(*bytes);
  } else {
    if (bytes->size() < kLeastSecret || bytes->size() > kMostSecret) {
      return Wrong("a whsec_ secret holds 24 to 64 bytes");
    }
    key.secret_ = std::move(*bytes);
  }
  return key;
}

WebhookKey WebhookKey::GenerateSecret() {
  WebhookKey key;
  key.secret_ = crypto::RandomBytes(kNewSecret);
  return key;
}

WebhookKey WebhookKey::GenerateKeyPair() {
  WebhookKey key;
  key.signing_key_ = crypto::SigningKey::Random();
  key.public_key_ = key.signing_key_->public_key();
  return key;
}

std::string WebhookKey::Serialize() const {
  if (!secret_.empty()) return std::string(kSecretPrefix) + crypto::ToBase64(secret_);
  if (signing_key_) return std::string(kPrivatePrefix) + crypto::ToBase64(signing_key_->seed());
  return PublicKeyText();
}

std::string WebhookKey::PublicKeyText() const {
  if (public_key_.empty()) return {};
  return std::string(kPublicPrefix) + crypto::ToBase64(public_key_);
}

Result<std::string> WebhookKey::Sign(std::string_view content) const {
  if (!secret_.empty()) return std::string(kHmacMark) + crypto::ToBase64(crypto::HmacSha256(secret_, content));
  if (signing_key_) return std::string(kEd25519Mark) + crypto::ToBase64(signing_key_->Sign(content));
  return Wrong("a public key cannot sign: give the whsk_ key");
}

bool WebhookKey::Verifies(std::string_view content, std::string_view signature) const {
  if (!secret_.empty()) {
    if (!TakePrefix(signature, kHmacMark)) return false;
    const auto bytes = crypto::FromBase64(signature);
    return bytes && crypto::ConstantTimeEqual(*bytes, crypto::HmacSha256(secret_, content));
  }
  if (!TakePrefix(signature, kEd25519Mark)) return false;
  const auto bytes = crypto::FromBase64(signature);
  return bytes && crypto::VerifySignature(public_key_, content, *bytes);
}

}  // namespace tilts::standard_webhooks
