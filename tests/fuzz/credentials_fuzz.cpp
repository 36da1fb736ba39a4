// What proves who calls: an API key's text (first line), and a signed principal: the token itself, or its claims, which
// the target signs rightly, because no mutation would.
#include "auth/api_key.hpp"
#include "auth/signed_principal.hpp"
#include "crypto/encoding.hpp"
#include "require.hpp"

namespace tilts::auth {
namespace {

using fuzz::Require;

void RequireKey(std::string_view text) {
  const core::Result<ApiKey> key = ParseApiKey(text);
  if (!key) {
    Require(key.error().reason == "KEY_FORMAT", "what is no key is called so");
    Require(!text.starts_with("tk_") || text.size() < 8 || key.error().message.find(text) == std::string::npos,
            "and never repeated");
    return;
  }
  Require(FormatApiKey(*key) == text, "a key has one spelling");
  const std::string hash = ApiKeySecretHash(key->secret);
  Require(ApiKeyMatches(*key, hash), "it matches its own hash");
  ApiKey other = *key;
  other.secret.back() = other.secret.back() == 'A' ? 'E' : 'A';
  Require(!ApiKeyMatches(other, hash), "and no other key does");
}

const crypto::SigningKey& Key() {
  static const crypto::SigningKey key =
      crypto::SigningKey::FromSeed(crypto::SecretKey::FromBytes(std::string(32, '\x07')).value());
  return key;
}

constexpr MachineTime kNow{std::chrono::seconds(1'772'440'200)};

// Principals of the house's own making are told apart from all others.
void RequirePrincipal(const Principal& principal, const PrincipalVerifier& verifier) {
  const bool service = principal.kind == Principal::Kind::kService;
  Require(service == !principal.service.empty(), "a service has a name and nobody else");
  Require(!service || principal.service == principal.issuer, "a service speaks for itself only");
  Require(principal.issuer == "gateway", "only a known issuer is believed");
  const PrincipalSigner signer("gateway", crypto::SigningKey(Key()));
  const core::Result<std::string> token = signer.Sign(principal, "case-intake", kNow);
  Require(token.has_value(), "what was read can be signed again");
  const core::Result<Principal> again = verifier.Verify(*token, kNow);
  Require(again.has_value() && *again == principal, "and is read the same");
  Require(!PrincipalVerifier("registry", {{"gateway", Key().public_key()}}).Verify(*token, kNow),
          "for its callee only");
  Require(!verifier.Verify(*token, kNow + kPrincipalLifetime), "and for its time only");
}

}  // namespace
}  // namespace tilts::auth

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts;
  using namespace tilts::auth;
  std::string_view rest = fuzz::Input(data, size);
  RequireKey(fuzz::TakeLine(rest));
  static const PrincipalVerifier verifier("case-intake", {{"gateway", Key().public_key()}});
  Require(!verifier.Verify(rest, kNow), "a token nobody signed is refused");
  const std::string unsigned_token = "v1." + crypto::ToBase64Url(rest);
  const std::string token = unsigned_token + "." + crypto::ToBase64Url(Key().Sign(unsigned_token));
  const core::Result<Principal> principal = verifier.Verify(token, kNow);
  if (principal) {
    RequirePrincipal(*principal, verifier);
  } else {
    Require(principal.error().code == core::Errc::kUnauthenticated, "all else is not known");
    fuzz::RequireTold(principal.error());
  }
  return 0;
}
