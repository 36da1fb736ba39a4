#include "gateway/adapters/request_log.hpp"

#include <chrono>

#include "gateway/adapters/exchange.hpp"
#include "rpc/trace_context.hpp"

namespace tilts::gateway {

RequestLog::RequestLog(const log::Logger& log, metrics::Registry& metrics, const std::vector<Route>& routes)
    : log_(log), no_route_(MakeProbe(metrics, "none")) {
  for (const Route& route : routes) probes_.emplace(&route, MakeProbe(metrics, route.rpc_name));
}

RequestLog::Probe RequestLog::MakeProbe(metrics::Registry& metrics, const std::string& rpc) {
  Probe probe;
  probe.duration = metrics.AddHistogram("tilts_http_request_duration_seconds", "From the last byte in to the answer.",
                                        {{"rpc", rpc}});
  for (const int group : {2, 3, 4, 5}) {
    probe.answers[group] = metrics.AddCounter("tilts_http_requests_total", "Requests answered.",
                                              {{"rpc", rpc}, {"code", std::to_string(group) + "xx"}});
  }
  return probe;
}

void RequestLog::Record(const Exchange& exchange) const {
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - exchange.started).count();
  const auto found = probes_.find(exchange.route);
  const Probe& probe = found == probes_.end() ? no_route_ : found->second;
  probe.duration.Observe(seconds);
  if (const auto answer = probe.answers.find(exchange.status / 100); answer != probe.answers.end())
    answer->second.Add();
  const log::Scope scope(
      {.event_id = {}, .correlation_id = {}, .trace_id = rpc::TraceIdOf(exchange.labels.traceparent)});
  log_.Info("request answered",
            {{"method",
              exchange.request.method == "GET" || exchange.request.method == "POST" || exchange.request.method == "PUT"
                  ? std::string_view(exchange.request.method)
                  : std::string_view("other")},
             {"route",
              exchange.route == nullptr ? std::string_view("none") : std::string_view(exchange.route->pattern.text())},
             {"status", exchange.status},
             {"reason", exchange.problem_reason},
             {"seconds", seconds},
             {"call_id", exchange.labels.call_id},
             {"client_id", exchange.caller.client_id},
             {"institution_id", exchange.caller.institution_id}});
}

}  // namespace tilts::gateway
