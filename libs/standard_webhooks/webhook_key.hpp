#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "crypto/ed25519.hpp"

namespace tilts::standard_webhooks {

// One key of Standard Webhooks 1.0, told apart by its prefix:
//   whsec_  secret of 24 to 64 bytes, signs and verifies with HMAC-SHA256 ("v1")
//   whsk_   Ed25519 private key, signs and verifies ("v1a")
//   whpk_   Ed25519 public key, verifies only ("v1a")
// A text without a prefix is read as a secret, as other implementations do.
class WebhookKey {
 public:
  static core::Result<WebhookKey> Parse(std::string_view text);
  static WebhookKey GenerateSecret();
  static WebhookKey GenerateKeyPair();

  bool can_sign() const { return !secret_.empty() || signing_key_.has_value(); }
  // The serialised key, for storing or handing it over.
  std::string Serialize() const;
  // The whpk_ text for a key pair; empty for a secret.
  std::string PublicKeyText() const;

  // "v1,<base64>" or "v1a,<base64>".
  core::Result<std::string> Sign(std::string_view content) const;
  // `signature` is one entry of the header.
  bool Verifies(std::string_view content, std::string_view signature) const;

 private:
  WebhookKey() = default;

  std::string secret_;
  std::optional<crypto::SigningKey> signing_key_;
  std::string public_key_;
};

}  // namespace tilts::standard_webhooks
