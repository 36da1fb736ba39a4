#pragma once

#include <map>
#include <string>

#include "core/clock.hpp"
#include "metrics/metrics.hpp"
#include "service/operations_server.hpp"
#include "service/refresher.hpp"

namespace tilts::service {

// Asks the service for its own status every ten seconds and shows it as metrics, so that every service has the same
// figures of undone work and of its stores, and sources may refresh gauges of their own.
class WorkWatch {
 public:
  WorkWatch(const OperationsServer& server, const core::CityClock& city_clock, metrics::Registry& registry);

  void Start() { refresher_.Start(false); }
  void RequestStop() { refresher_.RequestStop(); }
  void Stop() { refresher_.Stop(); }

 private:
  core::Status Look();
  void Show(const operations::v1::GetStatusResponse& status);

  const OperationsServer& server_;
  const core::CityClock& city_clock_;
  metrics::Registry& registry_;
  const metrics::Gauge due_;
  const metrics::Gauge oldest_;
  const metrics::Gauge in_flight_;
  const metrics::Gauge faults_;
  std::map<std::string, metrics::Gauge> stores_;  // "postgres", "kafka", "redis": known after the first round
  Refresher refresher_;                           // last: it uses the others
};

}  // namespace tilts::service
