#pragma once

#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "metrics/metrics.hpp"
#include "rpc/server.hpp"
#include "service/operations_server.hpp"
#include "service/service.hpp"
#include "service/traces.hpp"
#include "service/work_watch.hpp"

namespace tilts::service {

struct Runtime::Inside {
  rpc::Gatekeeper* gatekeeper = nullptr;
  std::vector<std::shared_ptr<void>> owned;
};

// One process from its configuration to its end. Members are in the order they must die in, last first: the metrics
// endpoint serves until the very end.
class Process {
 public:
  Process(const Definition& definition, const config::v1::ServiceConfig& config);
  ~Process();

  // Serves until a signal of `stop_signals` arrives; the exit code.
  int Serve(const sigset_t& stop_signals);
  int Migrate();

 private:
  core::Status Start();
  core::Status StartServing();
  core::Status StartMetrics();
  std::function<void(const rpc::CallReport&)> CallSpans();
  void Stop(const sigset_t& stop_signals);
  int Refuse(const core::Error& error) const;

  const Definition& definition_;
  const config::v1::ServiceConfig& config_;
  const std::unique_ptr<core::MachineClock> machine_clock_;
  const log::Logger log_;
  std::unique_ptr<core::CityClock> city_clock_;
  metrics::Registry metrics_;
  std::unique_ptr<Traces> traces_;
  std::unique_ptr<metrics::Exposer> exposer_;
  Health health_;
  Lifecycle lifecycle_;
  Operations operations_;
  rpc::MethodTable methods_;
  std::unique_ptr<rpc::Executor> executor_;
  std::unique_ptr<OperationsServer> operations_server_;
  std::unique_ptr<WorkWatch> work_watch_;
  Runtime::Inside inside_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<rpc::Server> server_;
  bool handler_stuck_ = false;
};

}  // namespace tilts::service
