#pragma once

#include "metrics/metrics.hpp"
#include "postgres/database.hpp"

namespace tilts::registry {

// When the first client will stand at the door without a key: of each client the key that lasts longest, of all
// clients the earliest. Keys without an end count as endless, clients whose keys have all ended already not at all.
class KeyExpiry {
 public:
  explicit KeyExpiry(metrics::Registry& registry)
      : left_(registry.AddGauge("tilts_registry_key_expiry_seconds",
                                "City time until the first client's last API key ends; +Inf: none does")) {}

  core::Status Measure(postgres::Database& database, core::CityTime now) const;

 private:
  metrics::Gauge left_;
};

}  // namespace tilts::registry
