#include "registry/domain/grants.hpp"

#include <algorithm>

#include "registry/domain/institution.hpp"

namespace tilts::registry {
namespace {

using core::Errc;
using core::Fail;

tl::unexpected<core::Error> Wrong(std::string field, std::string code, const std::string& message) {
  return Fail({Errc::kInvalid, message, code, {{std::move(field), code, message}}, 0});
}

}  // namespace

core::Status ValidateClient(const std::string& client_id, const std::string& name) {
  if (!IsCode(client_id)) return Wrong("client_id", "CODE_FORMAT", "use 1 to 64 of a-z, 0-9 and hyphen");
  if (name.empty() || name.size() > 200) return Wrong("name", "NAME_LENGTH", "give a name of at most 200 bytes");
  return {};
}

core::Result<core::CityTime> DecideIssue(const std::vector<Credential>& of_client,
                                         std::optional<core::CityTime> expires_at, core::CityTime now) {
  const core::CityTime end = expires_at.value_or(now + kDefaultCredentialLife);
  if (end <= now || end > now + kLongestCredentialLife) {
    return Wrong("expires_at", "CREDENTIAL_EXPIRY", "a credential ends in the future, within two years");
  }
  const auto valid = std::ranges::count_if(of_client, [&](const Credential& one) { return one.ValidAt(now); });
  if (static_cast<std::size_t>(valid) >= kMostValidCredentials) {
    return Fail(Errc::kRefused, "two credentials are valid already: revoke one first", "CREDENTIALS_TWO");
  }
  return end;
}

core::Result<Grant> DecideGrant(Grant wanted, const std::set<std::string>& known_operations) {
  std::ranges::sort(wanted.operations);
  const auto repeated = std::ranges::unique(wanted.operations);
  wanted.operations.erase(repeated.begin(), repeated.end());
  if (wanted.operations.empty()) return Wrong("operations", "REQUIRED", "name at least one operation, or *");
  for (std::size_t i = 0; i < wanted.operations.size(); ++i) {
    const bool known =
        wanted.operations[i] == "*" ? wanted.operations.size() == 1 : known_operations.contains(wanted.operations[i]);
    if (!known) {
      return Wrong("operations[" + std::to_string(i) + "]", "OPERATION_UNKNOWN",
                   "name an operation of the contracts, or * alone");
    }
  }
  if (wanted.valid_from && wanted.valid_to && *wanted.valid_to <= *wanted.valid_from) {
    return Wrong("valid_to", "VALIDITY", "the end must lie after the start");
  }
  return wanted;
}

}  // namespace tilts::registry
