// Small texts that come back from outside: encoded bytes, times, and lines of the audit's witness file.
#include <absl/strings/escaping.h>

#include "audit_chain/checkpoint.hpp"
#include "core/city_time.hpp"
#include "crypto/encoding.hpp"
#include "crypto/key_ring.hpp"
#include "require.hpp"

namespace tilts {
namespace {

using fuzz::Require;

// One spelling a value, and whatever is accepted the peer accepts.
void RequireEncodings(std::string_view text) {
  if (const auto bytes = crypto::FromHex(text)) {
    std::string lower(text);
    Require(crypto::ToHex(*bytes) == lower, "hex has one spelling");
    Require(absl::HexStringToBytes(lower) == *bytes, "and the peer reads it the same");
  }
  std::string peer;
  if (const auto bytes = crypto::FromBase64(text)) {
    Require(crypto::ToBase64(*bytes) == text, "base64 has one spelling");
    Require(absl::Base64Unescape({text.data(), text.size()}, &peer) && peer == *bytes,
            "and the peer reads it the same");
  }
  if (const auto bytes = crypto::FromBase64Url(text)) {
    Require(crypto::ToBase64Url(*bytes) == text, "base64url has one spelling");
    Require(absl::WebSafeBase64Unescape({text.data(), text.size()}, &peer) && peer == *bytes,
            "and the peer reads it the same");
  }
  Require(*crypto::FromBase64(crypto::ToBase64(text)) == text, "any bytes go through base64");
  Require(*crypto::FromBase64Url(crypto::ToBase64Url(text)) == text, "and through base64url");
  Require(*crypto::FromHex(crypto::ToHex(text)) == text, "and through hex");
}

void RequireTime(std::string_view text) {
  const core::Result<core::CityTime> time = core::ParseRfc3339(text);
  if (!time) return fuzz::RequireTold(time.error());
  const core::Result<core::CityTime> again = core::ParseRfc3339(core::FormatRfc3339(*time));
  Require(again.has_value() && *again == *time, "a time is written as it can be read");
}

void RequireWitness(std::string_view text) {
  const auto checkpoints = audit_chain::ParseWitness(text);
  if (!checkpoints) return fuzz::RequireTold(checkpoints.error());
  std::string written;
  for (const audit_chain::Checkpoint& checkpoint : *checkpoints) written += audit_chain::WitnessLine(checkpoint);
  const auto again = audit_chain::ParseWitness(written);
  Require(again.has_value() && *again == *checkpoints, "checkpoints are written as they can be read");
}

void RequireKeyRing(std::string_view text) {
  const core::Result<crypto::KeyRing> ring = crypto::KeyRing::Parse(text);
  if (!ring) return fuzz::RequireTold(ring.error());
  const crypto::SecretKey key = crypto::SecretKey::FromBytes(std::string(32, '\x05')).value();
  const std::string wrapped = ring->Wrap(key, "person-1");
  Require(ring->Unwrap(wrapped, "person-1").has_value(), "a ring opens what it closed");
  Require(!ring->Unwrap(wrapped, "person-2"), "for its owner only");
  Require(!ring->NeedsRewrap(wrapped), "and with its newest key");
}

}  // namespace
}  // namespace tilts

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = tilts::fuzz::Input(data, size);
  tilts::RequireEncodings(text);
  tilts::RequireTime(text);
  tilts::RequireWitness(text);
  tilts::RequireKeyRing(text);
  return 0;
}
