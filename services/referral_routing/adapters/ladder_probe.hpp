#pragma once

#include "metrics/metrics.hpp"

namespace tilts::referral_routing {

// What the due worker shows; a default one counts into nothing.
struct LadderProbe {
  LadderProbe() = default;
  explicit LadderProbe(metrics::Registry& registry)
      : fired(registry.AddCounter("tilts_routing_rungs_fired_total", "Rungs of deadline ladders that fired")),
        failures(registry.AddCounter("tilts_routing_rungs_failures_total", "Due rungs that could not be fired yet")),
        due(registry.AddGauge("tilts_routing_rungs_due", "Rungs that are due and wait to be fired")),
        lag(registry.AddGauge("tilts_routing_rungs_lag_seconds", "City time since the oldest waiting rung was due")) {}

  metrics::Counter fired;
  metrics::Counter failures;
  metrics::Gauge due;
  metrics::Gauge lag;
};

}  // namespace tilts::referral_routing
