#include "backbone/backbone.hpp"

#include <tilts/operations/v1/operations_service.pb.h>

#include "backbone/answer_time.hpp"
#include "backbone/bus_member.hpp"
#include "backbone/parked_records.hpp"
#include "backbone/settings.hpp"
#include "backbone/store_probe.hpp"
#include "backbone/watch.hpp"
#include "postgres/idempotency.hpp"
#include "postgres/outbox_relay.hpp"
#include "wire/time.hpp"

namespace tilts::backbone {
namespace {

constexpr int kLooksPerMeasure = 5;
// Remembered answers that are past their time are removed a few at a time.
constexpr int kLooksPerPurge = 600;

}  // namespace

struct Backbone::Parts {
  Parts(postgres::DatabaseOptions options, std::unique_ptr<BusMember> a_bus, service::Runtime& runtime)
      : database(std::move(options)),
        bus(std::move(a_bus)),
        relay_metrics(runtime.metrics, runtime.log),
        answer_time(runtime.metrics, "postgres"),
        machine_clock(runtime.machine_clock),
        city_clock(runtime.city_clock),
        relay(database, bus->publisher(), postgres::RelayOptions{}, &relay_metrics) {}

  void Look(int looks);
  void Measure();
  void Purge();
  core::Status Report(operations::v1::GetStatusResponse& status);

  postgres::Database database;
  std::unique_ptr<postgres::SqlBatchProcessor> processor;
  std::unique_ptr<ParkedRecords> parked;
  // Destroyed before what its consumer writes.
  std::unique_ptr<BusMember> bus;
  RelayMetrics relay_metrics;
  const AnswerTime answer_time;
  const core::MachineClock& machine_clock;
  const core::CityClock& city_clock;
  postgres::OutboxRelay relay;
  service::Health::Setter postgres_ready;
  Watch watch{[this](int looks) { Look(looks); }};
};

void Backbone::Parts::Look(int looks) {
  postgres_ready(answer_time.Of([this] { return database.Ping(); }).has_value());
  bus->Look();
  if (looks % kLooksPerMeasure == 0) Measure();
  if (looks % kLooksPerPurge == 0) Purge();
}

void Backbone::Parts::Purge() {
  static_cast<void>(database.Transact(
      [this](postgres::UnitOfWork& unit) { return postgres::Idempotency::Purge(unit, city_clock.Now()); }));
}

// Figures that cost a question to a store, for the metrics.
void Backbone::Parts::Measure() {
  if (const auto outbox = postgres::OutboxRelay::Status(database)) {
    relay_metrics.ShowOutbox(*outbox, machine_clock.Now());
  }
  if (!parked) return;
  if (const auto letters = parked->Count()) bus->Measure(*letters);
}

core::Status Backbone::Parts::Report(operations::v1::GetStatusResponse& status) {
  auto& store = *status.add_stores();
  store.set_name("postgres");
  store.set_reachable(database.Ping().has_value());
  TILTS_ASSIGN(const postgres::OutboxStatus outbox, postgres::OutboxRelay::Status(database));
  status.set_outbox_rows(status.outbox_rows() + outbox.rows);
  if (outbox.oldest_at) *status.mutable_oldest_outbox_at() = wire::ToTimestamp(*outbox.oldest_at);
  if (parked) {
    TILTS_ASSIGN(const std::uint64_t letters, parked->Count());
    status.set_dead_letters(status.dead_letters() + letters);
  }
  return bus->Report(status);
}

Backbone::Backbone(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Backbone::~Backbone() {
  parts_->watch.Stop();
}

postgres::Database& Backbone::database() {
  return parts_->database;
}
events::Publisher& Backbone::publisher() {
  return parts_->bus->publisher();
}

core::Result<std::unique_ptr<Backbone>> Backbone::Create(service::Runtime& runtime) {
  TILTS_ASSIGN(auto database, DatabaseSettings(runtime.config, runtime.name));
  TILTS_ASSIGN(auto bus, BusMember::Create(runtime));
  auto parts = std::make_unique<Parts>(std::move(database), std::move(bus), runtime);
  parts->postgres_ready = runtime.health.AddCondition("postgres");
  Parts* p = parts.get();
  runtime.operations.Add("backbone", [p](const rpc::CallContext&, operations::v1::GetStatusResponse& status) {
    return p->Report(status);
  });
  // Added before the consumer, so stopped after it: what the last batch emitted still leaves.
  runtime.lifecycle.Add({"outbox",
                         [p]() -> core::Status {
                           p->relay.Start();
                           p->watch.Start();
                           return {};
                         },
                         {},
                         [p](service::StopDeadline) {
                           p->watch.Stop();
                           p->relay.Stop();
                         }});
  return std::unique_ptr<Backbone>(new Backbone(std::move(parts)));
}

core::Status Backbone::Consume(service::Runtime& runtime, ConsumeOptions options,
                               const postgres::SqlBatchProcessor::Handlers& handlers) {
  const std::string& group = parts_->bus->group();
  events::HandlerProbe& probe = parts_->bus->Observe(runtime, std::move(options.topics), options.probe);
  parts_->processor = std::make_unique<postgres::SqlBatchProcessor>(
      parts_->database, handlers, runtime.city_clock,
      postgres::SqlBatchOptions{group, std::move(options.order_free_topics), {}}, &probe);
  parts_->parked =
      std::make_unique<ParkedRecords>(parts_->database, *parts_->processor, group, std::move(options.audit_chain));
  runtime.operations.UseDeadLetters(*parts_->parked);
  return parts_->bus->Consume(runtime, *parts_->processor);
}

}  // namespace tilts::backbone
