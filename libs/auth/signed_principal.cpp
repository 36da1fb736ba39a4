#include "auth/signed_principal.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "crypto/encoding.hpp"

namespace tilts::auth {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

// A token is "v1.<base64url of the claims>.<base64url of the signature>"; the signature covers
// everything before the second dot. The claims are lines in this order:
//   kind, client, institution, unit, role, purpose, service, issuer, cause, audience, issued, expires,
//   version of the grants
constexpr std::string_view kVersion = "v1.";
constexpr std::size_t kClaims = 13;
constexpr std::array<std::string_view, 3> kKinds = {"institution", "operator", "service"};

struct Claims {
  Principal principal;
  std::string audience;
  std::int64_t issued_at = 0;  // microseconds since 1970
  std::int64_t expires_at = 0;
};

std::int64_t Micros(MachineTime time) {
  return time.time_since_epoch().count();
}

std::string Write(const Claims& claims) {
  const Principal& p = claims.principal;
  std::string text(kKinds[static_cast<std::size_t>(p.kind)]);
  for (const std::string* part : {&p.client_id, &p.institution_id, &p.unit_id, &p.role, &p.purpose, &p.service,
                                  &p.issuer, &p.cause_id, &claims.audience}) {
    text += '\n' + *part;
  }
  return text + '\n' + std::to_string(claims.issued_at) + '\n' + std::to_string(claims.expires_at) + '\n' +
         std::to_string(p.grants_version);
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

template <typename Integer>
std::optional<Integer> Number(std::string_view text) {
  Integer value = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Claims> Read(std::string_view text) {
  const auto lines = Lines(text);
  if (lines.size() != kClaims) return std::nullopt;
  Claims claims;
  std::size_t kind = 0;
  while (kind < kKinds.size() && kKinds[kind] != lines[0]) ++kind;
  const auto issued_at = Number<std::int64_t>(lines[10]);
  const auto expires_at = Number<std::int64_t>(lines[11]);
  const auto grants_version = Number<std::uint64_t>(lines[12]);
  if (kind == kKinds.size() || !issued_at || !expires_at || !grants_version) return std::nullopt;
  Principal& p = claims.principal;
  p.kind = static_cast<Principal::Kind>(kind);
  std::size_t next = 1;
  for (std::string* part : {&p.client_id, &p.institution_id, &p.unit_id, &p.role, &p.purpose, &p.service, &p.issuer,
                            &p.cause_id, &claims.audience}) {
    *part = std::string(lines[next++]);
  }
  p.grants_version = *grants_version;
  claims.issued_at = *issued_at;
  claims.expires_at = *expires_at;
  return claims;
}

tl::unexpected<core::Error> Refuse(std::string reason) {
  return core::Fail(core::Errc::kUnauthenticated, "The signed principal is not acceptable.", std::move(reason));
}

}  // namespace

PrincipalSigner::PrincipalSigner(std::string service, crypto::SigningKey key, std::chrono::seconds lifetime)
    : service_(std::move(service)), key_(std::move(key)), lifetime_(lifetime) {}

core::Result<std::string> PrincipalSigner::Sign(Principal principal, std::string_view audience, MachineTime now) const {
  principal.issuer = service_;
  const Claims claims{std::move(principal), std::string(audience), Micros(now), Micros(now + lifetime_)};
  const std::string text = Write(claims);
  const auto back = Read(text);
  if (!back || back->principal != claims.principal) {
    return core::Fail(core::Errc::kInvalid, "A principal holds a line break.", "PRINCIPAL_INVALID");
  }
  std::string token = std::string(kVersion) + crypto::ToBase64Url(text);
  const std::string signature = key_.Sign(token);
  return token + '.' + crypto::ToBase64Url(signature);
}

core::Result<std::string> PrincipalSigner::SignAsSelf(std::string_view audience, std::string_view cause_id,
                                                      MachineTime now) const {
  Principal principal;
  principal.kind = Principal::Kind::kService;
  principal.service = service_;
  principal.cause_id = std::string(cause_id);
  return Sign(std::move(principal), audience, now);
}

core::Result<Principal> PrincipalVerifier::Verify(std::string_view token, MachineTime now) const {
  const std::size_t dot = token.rfind('.');
  if (!token.starts_with(kVersion) || dot == std::string_view::npos || dot < kVersion.size()) {
    return Refuse("PRINCIPAL_INVALID");
  }
  const auto text = crypto::FromBase64Url(token.substr(kVersion.size(), dot - kVersion.size()));
  const auto signature = crypto::FromBase64Url(token.substr(dot + 1));
  if (!text || !signature) return Refuse("PRINCIPAL_INVALID");
  const auto claims = Read(*text);
  if (!claims) return Refuse("PRINCIPAL_INVALID");
  bool genuine = false;
  const auto [first, last] = public_keys_.equal_range(claims->principal.issuer);
  for (auto key = first; key != last && !genuine; ++key) {
    genuine = crypto::VerifySignature(key->second, token.substr(0, dot), *signature);
  }
  if (!genuine) return Refuse("PRINCIPAL_INVALID");
  const Principal& principal = claims->principal;
  const bool is_service = principal.kind == Principal::Kind::kService;
  if (is_service != !principal.service.empty() || (is_service && principal.service != principal.issuer)) {
    return Refuse("PRINCIPAL_INVALID");
  }
  if (claims->audience != audience_) return Refuse("PRINCIPAL_AUDIENCE");
  if (Micros(now) >= claims->expires_at || Micros(now + kPrincipalSkew) < claims->issued_at) {
    return Refuse("PRINCIPAL_EXPIRED");
  }
  return principal;
}

}  // namespace tilts::auth
