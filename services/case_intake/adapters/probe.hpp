#pragma once

#include "metrics/metrics.hpp"

namespace tilts::case_intake {

// What this service counts beyond its libraries. A default one counts into nothing.
struct Probe {
  metrics::Counter opened;
  metrics::Counter attached;
  metrics::Counter replayed;
  metrics::Counter held;      // accepted while the vault could not be asked
  metrics::Counter finished;  // held ones that were completed by themselves

  Probe() = default;
  explicit Probe(metrics::Registry& registry)
      : opened(Reports(registry, "opened")),
        attached(Reports(registry, "attached")),
        replayed(Reports(registry, "replayed")),
        held(registry.AddCounter("tilts_intake_held_reports_total", "Reports accepted without the vault")),
        finished(registry.AddCounter("tilts_intake_finished_reports_total", "Held reports completed by themselves")) {}

 private:
  static metrics::Counter Reports(metrics::Registry& registry, const char* outcome) {
    return registry.AddCounter("tilts_intake_reports_total", "Reports answered, by what became of them",
                               {{"outcome", outcome}});
  }
};

}  // namespace tilts::case_intake
