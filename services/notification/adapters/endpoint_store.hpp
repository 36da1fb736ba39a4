#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "notification/adapters/secret_sealer.hpp"
#include "notification/domain/channel.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::notification {

struct StoredEndpoint {
  std::string endpoint_id;
  std::string institution_id;
  std::string url;
  unsigned order = 1;
  bool disabled = false;
  std::int64_t version = 1;
};

// What institutions registered. Every function works in the caller's transaction.
class EndpointStore {
 public:
  explicit EndpointStore(SecretSealer sealer) : sealer_(std::move(sealer)) {}

  // Registers or replaces the endpoint of that order: a fresh secret, enabled, rested. The id stays, so what is
  // pending goes to the new address.
  core::Result<StoredEndpoint> Put(postgres::UnitOfWork& unit, const std::string& institution_id, unsigned order,
                                   const std::string& url) const;
  // A fresh secret; the old one signs too until `previous_until`.
  core::Status Rotate(postgres::UnitOfWork& unit, const std::string& endpoint_id, core::CityTime previous_until) const;

  core::Result<std::optional<StoredEndpoint>> Find(postgres::UnitOfWork& unit, const std::string& endpoint_id) const;
  core::Result<std::vector<StoredEndpoint>> List(postgres::UnitOfWork& unit, const std::string& institution_id) const;
  core::Result<std::vector<domain::Channel>> Channels(postgres::UnitOfWork& unit,
                                                      const std::string& institution_id) const;
  core::Result<std::string> Secret(postgres::UnitOfWork& unit, const std::string& endpoint_id) const;

  core::Result<std::set<std::string>> AllowedHosts(postgres::UnitOfWork& unit, const std::string& institution_id) const;
  core::Status PutAllowedHosts(postgres::UnitOfWork& unit, const std::string& institution_id,
                               const std::set<std::string>& hosts) const;

  // Only while the endpoint is still the one that answered so: a replaced address starts afresh.
  static core::Status Disable(postgres::UnitOfWork& unit, const std::string& endpoint_id, std::int64_t version,
                              core::CityTime now);
  static core::Status Rest(postgres::UnitOfWork& unit, const std::string& endpoint_id, std::int64_t version,
                           core::CityTime until);

  const SecretSealer& sealer() const { return sealer_; }

 private:
  SecretSealer sealer_;
};

}  // namespace tilts::notification
