#pragma once

#include <tilts/registry/v1/registry_service.pb.h>

#include <string>
#include <vector>

#include "auth/api_key.hpp"
#include "core/city_time.hpp"
#include "wire/time.hpp"

namespace tilts::auth {

inline core::CityTime At(const std::string& text) {
  return *core::ParseRfc3339(text);
}

// A registry of one vendor, one school and the operator, to be changed by each test.
struct SnapshotBuilder {
  registry::v1::GetGrantSnapshotResponse snapshot;

  explicit SnapshotBuilder(std::uint64_t version = 1) { snapshot.set_version(version); }

  SnapshotBuilder& Key(const ApiKey& key, const std::string& client, const std::string& expires_at = "") {
    auto& entry = *snapshot.add_credentials();
    entry.set_credential_id(key.key_id);
    entry.set_client_id(client);
    entry.set_secret_sha256(ApiKeySecretHash(key.secret));
    if (!expires_at.empty()) *entry.mutable_expires_at() = wire::ToTimestamp(At(expires_at));
    return *this;
  }

  SnapshotBuilder& Grant(const std::string& client, const std::string& institution,
                         const std::vector<std::string>& operations, const std::string& valid_from = "",
                         const std::string& valid_to = "") {
    auto& grant = *snapshot.add_grants();
    grant.set_client_id(client);
    grant.set_institution_id(institution);
    for (const std::string& operation : operations) grant.add_operations(operation);
    if (!valid_from.empty()) *grant.mutable_valid_from() = wire::ToTimestamp(At(valid_from));
    if (!valid_to.empty()) *grant.mutable_valid_to() = wire::ToTimestamp(At(valid_to));
    return *this;
  }

  SnapshotBuilder& Operator(const std::string& institution) {
    snapshot.add_operator_institution_ids(institution);
    return *this;
  }
};

}  // namespace tilts::auth
