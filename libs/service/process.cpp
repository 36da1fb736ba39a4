#include "service/process.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <thread>

#include "config/config.hpp"
#include "core/concat.hpp"
#include "service/clocks.hpp"
#include "service/process_gauges.hpp"

namespace tilts::service {
namespace {

using std::chrono::milliseconds;

milliseconds Until(StopDeadline deadline) {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::max(left, milliseconds(0));
}

// Waits, but not against somebody who asks a second time.
void WaitForSignal(const sigset_t& signals, std::chrono::microseconds limit) {
  timespec wait{};
  wait.tv_sec = static_cast<std::time_t>(limit.count() / 1'000'000);
  wait.tv_nsec = static_cast<long>(limit.count() % 1'000'000 * 1'000);
  sigtimedwait(&signals, nullptr, &wait);
}

// Ends the process when a component's stop never returns: whoever runs it would kill it a moment later anyway.
class HardLimit {
 public:
  HardLimit(StopDeadline limit, const log::Logger& log) : thread_([this, limit, &log] { Watch(limit, log); }) {}
  ~HardLimit() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  HardLimit(const HardLimit&) = delete;
  HardLimit& operator=(const HardLimit&) = delete;

 private:
  void Watch(StopDeadline limit, const log::Logger& log) {
    std::unique_lock lock(mutex_);
    if (changed_.wait_until(lock, limit, [this] { return over_; })) return;
    log.Error("stopping took too long: leaving at once");
    std::_Exit(1);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace

void Runtime::UseGatekeeper(rpc::Gatekeeper& gatekeeper) {
  inside.gatekeeper = &gatekeeper;
}
void Runtime::OwnErased(std::shared_ptr<void> part) {
  inside.owned.push_back(std::move(part));
}

Process::Process(const Definition& definition, const config::v1::ServiceConfig& config)
    : definition_(definition),
      config_(config),
      machine_clock_(MakeMachineClock()),
      log_(definition.name, config.instance(), log::ParseLevel(config.log_level()), *machine_clock_),
      lifecycle_(log_) {}

Process::~Process() {
  metrics_.StopGaugeSources();  // they read parts that die now
  server_.reset();
  while (!inside_.owned.empty()) inside_.owned.pop_back();
}

int Process::Refuse(const core::Error& error) const {
  log_.Error("could not start", {{"reason", error.reason}, {"detail", error.message}});
  return 1;
}

int Process::Migrate() {
  if (definition_.migrate) {
    if (auto migrated = definition_.migrate(config_, log_); !migrated) return Refuse(migrated.error());
  }
  log_.Info("migrated");
  return 0;
}

core::Status Process::Start() {
  TILTS_ASSIGN(city_clock_, MakeCityClock(config_.clock().city_clock_file(), config_.environment()));
  traces_ = std::make_unique<Traces>(
      TraceOptions{config_.tracing().otlp_endpoint(),
                   config_.tracing().has_sample_ratio() ? config_.tracing().sample_ratio() : 1.0, definition_.name,
                   config_.instance(), TILTS_VERSION},
      metrics_);
  executor_ =
      std::make_unique<rpc::Executor>("rpc", config_.rpc().executor_threads(), config_.rpc().queue_size(), metrics_);
  metrics_.AddGauge("tilts_build_info", "Always 1.", {{"service", definition_.name}, {"version", TILTS_VERSION}})
      .Set(1);
  operations_server_ = std::make_unique<OperationsServer>(
      OperationsServer::Identity{definition_.name, config_.instance(), TILTS_VERSION}, operations_, health_,
      *city_clock_, *machine_clock_, log_);
  operations_server_->Bind(methods_);
  const auto started = health_.AddCondition("started");
  runtime_ =
      std::unique_ptr<Runtime>(new Runtime{definition_.name, config_, log_, metrics_, *city_clock_, *machine_clock_,
                                           lifecycle_, health_, methods_, *executor_, operations_, *traces_, inside_});
  TILTS_CHECK(definition_.wire(*runtime_));
  AddProcessGauges(metrics_, *machine_clock_, *city_clock_);
  work_watch_ = std::make_unique<WorkWatch>(*operations_server_, *city_clock_, metrics_);
  // Added last, so stopped first: it asks what the others own.
  lifecycle_.Add({"work-watch",
                  [this]() -> core::Status {
                    work_watch_->Start();
                    return {};
                  },
                  [this] { work_watch_->RequestStop(); }, [this](StopDeadline) { work_watch_->Stop(); }});
  TILTS_CHECK(StartServing());
  TILTS_CHECK(StartMetrics());
  TILTS_CHECK(lifecycle_.Start());
  started(true);
  return {};
}

std::function<void(const rpc::CallReport&)> Process::CallSpans() {
  if (!traces_->exporting()) return {};
  return [traces = traces_.get()](const rpc::CallReport& call) {
    traces->Record({Span::Kind::kServer, std::string(call.method), std::string(call.traceparent),
                    std::string(call.parent), call.started, call.duration, std::string(call.code), call.code != "OK"});
  };
}

core::Status Process::StartServing() {
  if (inside_.gatekeeper == nullptr) {
    return core::Fail(core::Errc::kInternal, "Wire named no gatekeeper: nothing is served without one", "GATEKEEPER");
  }
  rpc::ServerOptions options;
  options.address = config_.rpc().address();
  options.port = static_cast<int>(config_.rpc().port());
  options.max_message_bytes = config_.rpc().max_message_bytes();
  TILTS_ASSIGN(server_, rpc::Server::Start(options, {methods_, *executor_, *inside_.gatekeeper, *city_clock_,
                                                     *machine_clock_, log_, metrics_, CallSpans()}));
  operations_server_->CountHandlersBy([server = server_.get()] { return server->audited_handlers(); });
  return {};
}

core::Status Process::StartMetrics() {
  const metrics::Gauge ready_gauge = metrics_.AddGauge("tilts_service_ready", "1 while the service takes work.");
  if (const auto faults = metrics_.faults(); !faults.empty()) {
    return core::Fail(core::Errc::kInternal, core::Concat("metric ", faults.front()), "METRICS");
  }
  TILTS_ASSIGN(exposer_, metrics::Exposer::Start(config_.metrics().address(),
                                                 static_cast<int>(config_.metrics().port()), metrics_));
  health_.OnChange([this, ready_gauge](bool ready) {
    ready_gauge.Set(ready ? 1 : 0);
    server_->SetReady(ready);
    log_.Info("readiness", {{"ready", ready}});
  });
  log_.Info("listening", {{"rpc_port", server_->port()}, {"metrics_port", exposer_->port()}});
  return {};
}

int Process::Serve(const sigset_t& stop_signals) {
  const auto started = Start();
  int code = 0;
  if (started) {
    int signal = 0;
    sigwait(&stop_signals, &signal);
    log_.Info("stopping", {{"signal", signal}});
  } else {
    code = Refuse(started.error());
  }
  Stop(stop_signals);
  if (lifecycle_.failed()) code = 1;
  if (handler_stuck_) {
    // A thread of ours still uses what would be destroyed now; nothing unsaved is left, so leave without destructors.
    log_.Error("a handler did not come back: leaving without it");
    std::_Exit(1);
  }
  log_.Info("stopped", {{"code", code}});
  return code;
}

// Not ready, drain, take no new work, finish calls in hand, then each component in reverse order; metrics last.
void Process::Stop(const sigset_t& stop_signals) {
  const StopDeadline deadline = std::chrono::steady_clock::now() + config::ToChrono(config_.shutdown().budget());
  const HardLimit limit(deadline + std::chrono::seconds(1), log_);
  const bool was_ready = health_.ready();
  health_.StartStopping();
  if (was_ready) WaitForSignal(stop_signals, config::ToChrono(config_.shutdown().drain()));
  lifecycle_.Quiesce();
  if (server_) server_->Shutdown(Until(deadline) / 3);
  if (executor_) handler_stuck_ = !executor_->Stop(Until(deadline) / 3);
  lifecycle_.Stop(deadline);
  if (traces_) traces_->Stop();
}

}  // namespace tilts::service
