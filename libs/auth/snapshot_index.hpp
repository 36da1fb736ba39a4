#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/principal.hpp"
#include "core/city_time.hpp"
#include "core/result.hpp"

namespace tilts::registry::v1 {
class GetGrantSnapshotResponse;
}

namespace tilts::auth {

// One snapshot of the registry, arranged for questions. Immutable.
class SnapshotIndex {
 public:
  struct Credential {
    std::string client_id;
    std::string secret_sha256;  // 32 bytes
    std::optional<core::CityTime> expires_at;
  };

  explicit SnapshotIndex(const registry::v1::GetGrantSnapshotResponse& snapshot);

  std::uint64_t version() const { return version_; }
  const Credential* FindCredential(const std::string& credential_id) const;
  core::Result<Principal::Kind> CheckOperation(const std::string& client_id, const std::string& institution_id,
                                               std::string_view operation, core::CityTime now) const;

 private:
  struct Grant {
    std::set<std::string, std::less<>> operations;
    std::optional<core::CityTime> valid_from;
    std::optional<core::CityTime> valid_to;
  };

  std::uint64_t version_ = 0;
  std::map<std::string, Credential> credentials_;
  std::map<std::pair<std::string, std::string>, std::vector<Grant>> grants_;
  std::set<std::string> operators_;
};

// Operations that "*" gives to operators only: running Tilts and what touches other institutions' data or the figures
// and scores of everybody. Others are granted them by name.
bool IsOperatorOperation(std::string_view operation);

}  // namespace tilts::auth
