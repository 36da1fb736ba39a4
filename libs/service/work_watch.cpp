#include "service/work_watch.hpp"

#include <tilts/operations/v1/operations_service.pb.h>

#include <algorithm>
#include <chrono>

#include "wire/time.hpp"

namespace tilts::service {
namespace {

constexpr std::chrono::seconds kInterval{10};
constexpr std::chrono::seconds kAnswerWithin{5};

}  // namespace

WorkWatch::WorkWatch(const OperationsServer& server, const core::CityClock& city_clock, metrics::Registry& registry)
    : server_(server),
      city_clock_(city_clock),
      registry_(registry),
      due_(registry.AddGauge("tilts_work_due_items", "Timers, deliveries and refreshes that are due and not done.")),
      oldest_(registry.AddGauge("tilts_work_oldest_seconds", "City time since the oldest undone item came to be.")),
      in_flight_(registry.AddGauge("tilts_work_in_flight_items", "Calls, deliveries and handlers at work.")),
      faults_(registry.AddGauge("tilts_work_faults_items", "What does not heal by itself and needs a person.")),
      refresher_({.interval = kInterval}, [this] { return Look(); }) {}

core::Status WorkWatch::Look() {
  rpc::CallContext call;
  call.now = city_clock_.Now();
  call.deadline = std::chrono::steady_clock::now() + kAnswerWithin;
  TILTS_ASSIGN(const auto status, server_.GetStatus(call));
  Show(status);
  return {};
}

void WorkWatch::Show(const operations::v1::GetStatusResponse& status) {
  due_.Set(static_cast<double>(status.due_now()));
  in_flight_.Set(static_cast<double>(status.in_flight()));
  faults_.Set(status.faults_size());
  double age = 0;
  if (status.has_oldest_undone_at()) {
    if (const auto since = wire::FromTimestamp(status.oldest_undone_at())) {
      age = std::chrono::duration<double>(city_clock_.Now() - *since).count();
    }
  }
  oldest_.Set(std::max(0.0, age));
  for (const auto& store : status.stores()) {
    auto known = stores_.find(store.name());
    if (known == stores_.end()) {
      const auto gauge =
          registry_.AddGauge("tilts_store_reachable", "1 while the store answers.", {{"store", store.name()}});
      known = stores_.emplace(store.name(), gauge).first;
    }
    known->second.Set(store.reachable() ? 1 : 0);
  }
}

}  // namespace tilts::service
