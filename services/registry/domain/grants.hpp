#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "core/result.hpp"

namespace tilts::registry {

// A client is a vendor's or an institution's system. Its secret is kept as a hash only.
struct Credential {
  std::string credential_id;
  std::string client_id;
  std::string secret_sha256;
  core::CityTime issued_at{};
  std::optional<core::CityTime> expires_at;  // unset: the operator's first key
  std::optional<core::CityTime> revoked_at;

  bool ValidAt(core::CityTime now) const { return !revoked_at && (!expires_at || now < *expires_at); }
  bool operator==(const Credential&) const = default;
};

struct Grant {
  std::string grant_id;
  std::string client_id;
  std::string institution_id;
  std::vector<std::string> operations;  // sorted, each once
  std::optional<core::CityTime> valid_from;
  std::optional<core::CityTime> valid_to;
  std::optional<core::CityTime> revoked_at;

  bool operator==(const Grant&) const = default;
};

inline constexpr std::size_t kMostValidCredentials = 2;
inline constexpr std::chrono::days kDefaultCredentialLife{365};
inline constexpr std::chrono::days kLongestCredentialLife{2 * 366};

core::Status ValidateClient(const std::string& client_id, const std::string& name);

// When a new credential ends. Two may be valid at a time, so that a client can change over without a gap.
//   kInvalid CREDENTIAL_EXPIRY; kRefused CREDENTIALS_TWO
core::Result<core::CityTime> DecideIssue(const std::vector<Credential>& of_client,
                                         std::optional<core::CityTime> expires_at, core::CityTime now);

// The grant as it is stored. "*" stands alone; every other operation must be one of the contracts.
core::Result<Grant> DecideGrant(Grant wanted, const std::set<std::string>& known_operations);

}  // namespace tilts::registry
