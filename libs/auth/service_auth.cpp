#include "auth/service_auth.hpp"

#include <tilts/config/v1/config.pb.h>
#include <tilts/registry/v1/registry_service.pb.h>

#include "rpc/channel.hpp"
#include "wire/time.hpp"

namespace tilts::auth {
namespace {

constexpr std::string_view kSnapshotMethod = "tilts.registry.v1.RegistryService/GetGrantSnapshot";
// Shorter than a caller's patience: it also runs while somebody waits with an unknown key.
constexpr std::chrono::milliseconds kSnapshotTimeout{2'000};

}  // namespace

core::Result<std::unique_ptr<ServiceAuth>> ServiceAuth::Create(const std::string& service,
                                                               const config::v1::Auth& config,
                                                               const core::MachineClock& machine_clock) {
  TILTS_ASSIGN(auto key, crypto::SigningKey::FromFile(config.signing_key_file()));
  std::multimap<std::string, std::string> trusted;
  for (const auto& entry : config.trusted_keys()) {
    TILTS_ASSIGN(auto public_key, crypto::ReadPublicKeyFile(entry.public_key_file()));
    trusted.emplace(entry.issuer(), std::move(public_key));
  }
  std::chrono::seconds lifetime = kPrincipalLifetime;
  if (config.has_token_lifetime()) {
    TILTS_ASSIGN(const auto configured, wire::FromDuration(config.token_lifetime()));
    lifetime = std::chrono::duration_cast<std::chrono::seconds>(configured);
  }
  GrantDirectoryOptions options;
  options.cache_file = config.grant_cache_file();
  if (config.has_grant_refresh()) {
    TILTS_ASSIGN(const auto configured, wire::FromDuration(config.grant_refresh()));
    options.refresh_interval = std::chrono::duration_cast<std::chrono::milliseconds>(configured);
  }
  return std::unique_ptr<ServiceAuth>(new ServiceAuth(PrincipalSigner(service, std::move(key), lifetime),
                                                      PrincipalVerifier(service, std::move(trusted)),
                                                      std::move(options), machine_clock));
}

ServiceAuth::ServiceAuth(PrincipalSigner signer, PrincipalVerifier verifier, GrantDirectoryOptions options,
                         const core::MachineClock& machine_clock)
    : signer_(std::move(signer)),
      verifier_(std::move(verifier)),
      credentials_(signer_, machine_clock),
      grants_(std::move(options),
              [this](std::uint64_t known_version) -> core::Result<GrantDirectory::Snapshot> {
                if (fetch_) return fetch_(known_version);
                return core::Fail(core::Errc::kUnavailable, "No registry is configured.", "REGISTRY_MISSING");
              }),
      gatekeeper_(grants_, verifier_, machine_clock) {}

void ServiceAuth::AskRegistry(rpc::Channel& registry) {
  fetch_ = [this, &registry](std::uint64_t known_version) -> core::Result<GrantDirectory::Snapshot> {
    registry::v1::GetGrantSnapshotRequest request;
    request.set_known_version(known_version);
    rpc::CallOptions options;
    options.timeout = kSnapshotTimeout;
    TILTS_ASSIGN(options.metadata, credentials_.For("registry", nullptr, "grant-refresh"));
    return registry.Call<registry::v1::GetGrantSnapshotResponse>(kSnapshotMethod, request, options);
  };
}

}  // namespace tilts::auth
