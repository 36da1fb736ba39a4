#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gateway/app/route_table.hpp"
#include "log/log.hpp"
#include "metrics/metrics.hpp"

namespace tilts::gateway {

struct Exchange;

// One log line and one observation per request. Paths are shown as templates: no id, no query string.
class RequestLog {
 public:
  RequestLog(const log::Logger& log, metrics::Registry& metrics, const std::vector<Route>& routes);

  void Record(const Exchange& exchange) const;

 private:
  struct Probe {
    metrics::Histogram duration;
    std::map<int, metrics::Counter> answers;  // by status class: 2, 3, 4, 5
  };
  static Probe MakeProbe(metrics::Registry& metrics, const std::string& rpc);

  const log::Logger& log_;
  std::map<const Route*, Probe> probes_;
  Probe no_route_;
};

}  // namespace tilts::gateway
