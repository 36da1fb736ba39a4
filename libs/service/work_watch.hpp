#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "core/clock.hpp"
#include "metrics/metrics.hpp"
#include "service/operations_server.hpp"

namespace tilts::service {

// Asks the service for its own status every ten seconds and shows it as metrics, so that every service has the same
// figures of undone work and of its stores, and sources may refresh gauges of their own.
class WorkWatch {
 public:
  WorkWatch(const OperationsServer& server, const core::CityClock& city_clock, metrics::Registry& registry);
  ~WorkWatch() { Stop(); }
  WorkWatch(const WorkWatch&) = delete;
  WorkWatch& operator=(const WorkWatch&) = delete;

  void Start();
  void RequestStop() { thread_.request_stop(); }
  void Stop();

  // One round.
  void Look();

 private:
  void Show(const operations::v1::GetStatusResponse& status);

  const OperationsServer& server_;
  const core::CityClock& city_clock_;
  metrics::Registry& registry_;
  const metrics::Gauge due_;
  const metrics::Gauge oldest_;
  const metrics::Gauge in_flight_;
  const metrics::Gauge faults_;
  std::map<std::string, metrics::Gauge> stores_;  // "postgres", "kafka", "redis": known after the first round
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace tilts::service
