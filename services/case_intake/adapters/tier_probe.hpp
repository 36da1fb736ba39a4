#pragma once

#include "case_intake/domain/tier.hpp"
#include "metrics/metrics.hpp"

namespace tilts::case_intake {

// What is proposed and what people make of it. A default one counts into nothing.
struct TierProbe {
  metrics::Counter proposed;
  metrics::Counter confirmed;
  metrics::Counter lowered;
  metrics::Counter declined;
  metrics::Counter nominated;

  TierProbe() = default;
  explicit TierProbe(metrics::Registry& registry)
      : proposed(registry.AddCounter("tilts_intake_tier_proposals_total", "Tier proposals taken from the log")),
        confirmed(Decisions(registry, "confirm")),
        lowered(Decisions(registry, "lower")),
        declined(Decisions(registry, "decline")),
        nominated(Decisions(registry, "nominate")) {}

  const metrics::Counter& Of(TierMove move) const {
    if (move == TierMove::kConfirm) return confirmed;
    if (move == TierMove::kLower) return lowered;
    return move == TierMove::kDecline ? declined : nominated;
  }

 private:
  static metrics::Counter Decisions(metrics::Registry& registry, const char* decision) {
    return registry.AddCounter("tilts_intake_tier_decisions_total", "Decisions on tiers, by what was decided",
                               {{"decision", decision}});
  }
};

}  // namespace tilts::case_intake
