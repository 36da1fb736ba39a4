#pragma once

#include "core/clock.hpp"
#include "metrics/metrics.hpp"

namespace tilts::service {

// What the machine gives this process, and its two clocks as they stand at the scrape: against the scraper's own time
// they show a clock that is off. Both clocks outlive the sources.
void AddProcessGauges(metrics::Registry& registry, const core::MachineClock& machine_clock,
                      const core::CityClock& city_clock);

}  // namespace tilts::service
