// Wiring only: the HTTP door over the linked contracts.
#include <tilts/operations/v1/operations_service.pb.h>

#include "auth/service_auth.hpp"
#include "config/config.hpp"
#include "gateway/adapters/front.hpp"
#include "gateway/app/openapi.hpp"
#include "redis/settings.hpp"
#include "service/service.hpp"
#include "wire/contract_lint.hpp"

namespace tilts::gateway {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

FrontOptions FrontFrom(const config::v1::ServiceConfig& config) {
  FrontOptions options;
  options.server.address = config.http().address();
  options.server.port = static_cast<std::uint16_t>(config.http().port());
  options.server.max_body_bytes = config.http().max_body_bytes();
  options.server.idle_timeout = duration_cast<milliseconds>(config::ToChrono(config.http().idle_timeout()));
  options.call_threads = config.http().threads();
  options.call_queue = config.http().queue_size();
  options.limits.upstream_timeout = duration_cast<milliseconds>(config::ToChrono(config.gateway().upstream_timeout()));
  options.limits.long_poll_limit = duration_cast<milliseconds>(config::ToChrono(config.gateway().long_poll_limit()));
  // A long poll may be silent longer than any other answer.
  options.server.write_timeout = options.limits.long_poll_limit + options.limits.upstream_timeout;
  return options;
}

// The peers, and the gateway itself so that it appears in its own status report.
std::map<std::string, std::string> Targets(const service::Runtime& runtime) {
  std::map<std::string, std::string> targets(runtime.config.peers().begin(), runtime.config.peers().end());
  if (runtime.config.rpc().port() != 0) {
    targets[runtime.name] = runtime.config.rpc().address() + ':' + std::to_string(runtime.config.rpc().port());
  }
  return targets;
}

void AddGrants(service::Runtime& runtime, auth::ServiceAuth& auth) {
  auth.grants().OnFirstSnapshot([known = runtime.health.AddCondition("grants")] { known(true); });
  runtime.lifecycle.Add({"grants",
                         [&auth] {
                           auth.grants().Start();
                           return core::Status();
                         },
                         {},
                         [&auth](service::StopDeadline) { auth.grants().Stop(); }});
}

void AddFront(service::Runtime& runtime, Front& front) {
  const auto listening = runtime.health.AddCondition("http");
  runtime.lifecycle.Add({"http",
                         [&front, &runtime, listening]() -> core::Status {
                           TILTS_CHECK(front.Start());
                           runtime.log.Info("listening for HTTP", {{"port", front.port()}});
                           listening(true);
                           return {};
                         },
                         {},
                         [&front](service::StopDeadline deadline) {
                           front.Stop(duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now()));
                         }});
}

core::Status Wire(service::Runtime& runtime) {
  TILTS_ASSIGN(auto made, auth::ServiceAuth::Create(runtime.name, runtime.config.auth(), runtime.machine_clock));
  auth::ServiceAuth& auth = runtime.Own(std::move(made));
  runtime.UseGatekeeper(auth.gatekeeper());
  Upstream& upstream = runtime.Own(std::make_unique<Upstream>(Targets(runtime), auth.credentials()));
  if (rpc::Channel* registry = upstream.Find("registry")) auth.AskRegistry(*registry);

  TILTS_ASSIGN(auto table, RouteTable::Build(wire::LinkedContracts()));
  const RouteTable& routes = runtime.Own(std::make_unique<RouteTable>(std::move(table)));
  TILTS_ASSIGN(auto redis_options, redis::RedisSettings(runtime.config.redis()));
  redis::Redis& redis = runtime.Own(std::make_unique<redis::Redis>(std::move(redis_options)));
  const RateLimits limits{runtime.config.gateway().requests_per_second(), runtime.config.gateway().burst()};
  RateLimiter& limiter = runtime.Own(std::make_unique<RateLimiter>(redis, limits, runtime.metrics));
  RequestLog& log = runtime.Own(std::make_unique<RequestLog>(runtime.log, runtime.metrics, routes.routes()));

  Front& front = runtime.Own(std::make_unique<Front>(
      FrontFrom(runtime.config), FrontParts{routes, auth.grants(), upstream, limiter, log, runtime.city_clock,
                                            runtime.metrics, [&health = runtime.health] { return health.ready(); },
                                            OpenApiDocument(routes.routes(), TILTS_VERSION)}));
  runtime.operations.Add("http", [&front, &redis](const rpc::CallContext&, operations::v1::GetStatusResponse& status) {
    status.set_in_flight(status.in_flight() + front.at_work());
    auto& store = *status.add_stores();
    store.set_name("redis");
    store.set_reachable(redis.Ping().has_value());
    return core::Status();
  });
  AddGrants(runtime, auth);
  AddFront(runtime, front);
  return {};
}

}  // namespace
}  // namespace tilts::gateway

int main(int argc, char** argv) {
  return tilts::service::Run(
      argc, argv, {.name = "gateway", .wire = tilts::gateway::Wire, .sections = {"auth", "http", "redis", "gateway"}});
}
