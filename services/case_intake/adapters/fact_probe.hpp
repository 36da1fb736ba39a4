#pragma once

#include "metrics/metrics.hpp"

namespace tilts::case_intake {

// What the fact door counts. A default one counts into nothing.
struct FactProbe {
  metrics::Counter accepted;
  metrics::Counter held;
  metrics::Counter refused;
  metrics::Counter resolved;  // held ones whose pupil became known

  FactProbe() = default;
  explicit FactProbe(metrics::Registry& registry)
      : accepted(Facts(registry, "accepted")),
        held(Facts(registry, "held")),
        refused(Facts(registry, "refused")),
        resolved(registry.AddCounter("tilts_intake_resolved_facts_total", "Held facts whose pupil became known")) {}

 private:
  static metrics::Counter Facts(metrics::Registry& registry, const char* outcome) {
    return registry.AddCounter("tilts_intake_facts_total", "Facts answered, by what became of them",
                               {{"outcome", outcome}});
  }
};

}  // namespace tilts::case_intake
