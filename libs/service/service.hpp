#pragma once

#include <tilts/config/v1/config.pb.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "log/log.hpp"
#include "metrics/metrics.hpp"
#include "rpc/call.hpp"
#include "rpc/executor.hpp"
#include "rpc/method_table.hpp"
#include "service/health.hpp"
#include "service/lifecycle.hpp"
#include "service/operations.hpp"
#include "service/traces.hpp"

namespace tilts::service {

// Everything a service is built from. Valid from Wire until the last component has stopped.
struct Runtime {
  const std::string& name;  // "case-intake"
  const config::v1::ServiceConfig& config;
  const log::Logger& log;
  metrics::Registry& metrics;
  const core::CityClock& city_clock;
  const core::MachineClock& machine_clock;
  Lifecycle& lifecycle;
  Health& health;
  rpc::MethodTable& methods;
  rpc::Executor& executor;
  Operations& operations;
  Traces& traces;

  // Keeps `part` alive until everything has stopped; parts die in reverse order. Returns it.
  template <typename T>
  T& Own(std::unique_ptr<T> part) {
    T& reference = *part;
    OwnErased(std::shared_ptr<void>(std::move(part)));
    return reference;
  }
  // Must be called in Wire by every service that binds methods; without one nothing is served.
  void UseGatekeeper(rpc::Gatekeeper& gatekeeper);

  void OwnErased(std::shared_ptr<void> part);
  struct Inside;
  Inside& inside;
};

struct Definition {
  std::string name;  // "case-intake": also principal, consumer group, client id
  // Builds the service: opens stores, binds methods, adds components. Starts no thread: a component's start does.
  std::function<core::Status(Runtime&)> wire;
  // --migrate: brings the schema (and seed data) up to date; empty: nothing to migrate.
  std::function<core::Status(const config::v1::ServiceConfig&, const log::Logger&)> migrate{};
  // Sections of the configuration without which the service cannot work: {"postgres", "kafka", "auth"}.
  std::vector<std::string_view> sections{};
  // Validates data files (rules, ladders, policies) without opening a store; runs for --check-config and at each start.
  std::function<core::Status(const config::v1::ServiceConfig&)> check{};
};

// int main(int argc, char** argv) { return tilts::service::Run(argc, argv, {"audit", Wire, Migrate}); }
//
//   --config FILE     the configuration (strict JSON; TILTS_ variables override it)
//   --check-config    say what is wrong with it and leave
//   --migrate         migrate and leave
//
// Exit codes: 0 stopped in order, 1 could not start or a part overran its time, 2 wrong arguments or configuration.
int Run(int argc, char** argv, Definition definition);

}  // namespace tilts::service
