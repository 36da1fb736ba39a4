#pragma once

#include <map>

#include "core/result.hpp"
#include "metrics/metrics.hpp"
#include "postgres/database.hpp"
#include "referral_routing/app/directory.hpp"
#include "referral_routing/domain/referral.hpp"

namespace tilts::referral_routing {

// What the city owes, per kind of recipient: the closed list of the contract. A default one counts into nothing.
class ReferralProbe {
 public:
  ReferralProbe() = default;
  explicit ReferralProbe(metrics::Registry& registry);

  // One referral before and after a move or a rung was committed. Each is counted once: "in_time" when the first
  // answer comes before its time ran out, "missed" when that time ran out.
  void Changed(const Referral& before, const Referral& after) const;

  // Counts what is open at `now` into the gauges.
  core::Status Measure(postgres::Database& database, const Directory& directory, core::CityTime now) const;

 private:
  struct OfKind {
    metrics::Counter in_time;
    metrics::Counter missed;
    metrics::Gauge open;
    metrics::Gauge overdue;
    metrics::Gauge due_soon;
  };
  std::map<InstitutionKind, OfKind> kinds_;
  metrics::Gauge imminent_;
  metrics::Gauge imminent_seconds_;
};

}  // namespace tilts::referral_routing
