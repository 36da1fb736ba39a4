#include "backbone/backbone.hpp"

#include <tilts/operations/v1/operations_service.pb.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "backbone/parked_records.hpp"
#include "backbone/settings.hpp"
#include "backbone/store_probe.hpp"
#include "events/consumer_runner.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "postgres/idempotency.hpp"
#include "postgres/outbox_relay.hpp"
#include "wire/time.hpp"

namespace tilts::backbone {
namespace {

constexpr std::chrono::seconds kLookInterval{1};
constexpr int kLooksPerMeasure = 5;
// Remembered answers that are past their time are removed a few at a time.
constexpr int kLooksPerPurge = 600;

}  // namespace

struct Backbone::Parts {
  Parts(postgres::DatabaseOptions options, service::Runtime& runtime)
      : database(std::move(options)),
        relay_metrics(runtime.metrics, runtime.log),
        machine_clock(runtime.machine_clock),
        city_clock(runtime.city_clock) {}

  void Watch();
  void Look();
  void Measure();
  void Purge();
  void StopWatching();
  core::Status Report(operations::v1::GetStatusResponse& status);

  // Destroyed in reverse: the runner before what it reads and writes.
  kafka::KafkaOptions kafka_options;
  postgres::Database database;
  RelayMetrics relay_metrics;
  std::unique_ptr<ConsumerMetrics> consumer_metrics;
  const core::MachineClock& machine_clock;
  const core::CityClock& city_clock;
  std::unique_ptr<kafka::Producer> producer;
  std::unique_ptr<postgres::OutboxRelay> relay;
  std::unique_ptr<kafka::Consumer> consumer;
  std::unique_ptr<postgres::SqlBatchProcessor> processor;
  std::unique_ptr<ParkedRecords> parked;
  std::unique_ptr<events::ConsumerRunner> runner;

  service::Health::Setter postgres_ready;
  service::Health::Setter kafka_ready;
  service::Health::Setter consumer_ready;
  bool warmed_up = false;

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::thread watcher;
};

void Backbone::Parts::Look() {
  postgres_ready(database.Ping().has_value());
  // Once: later the relay and the consumer show whether the broker answers.
  if (!warmed_up) warmed_up = producer->WarmUp().has_value();
  kafka_ready(warmed_up);
  if (runner) {
    const events::RunnerStatus status = runner->LastStatus();
    consumer_ready(status.running && status.joined && !status.stuck && !status.refused());
  }
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
  if (!runner) return;
  const auto status = runner->Status();
  const auto letters = parked->Count();
  if (status && letters) consumer_metrics->ShowLag(status->lag(), *letters);
}

void Backbone::Parts::Watch() {
  std::unique_lock lock(mutex);
  for (int looks = 0; !stopping; ++looks) {
    lock.unlock();
    Look();
    if (looks % kLooksPerMeasure == 0) Measure();
    if (looks % kLooksPerPurge == 0) Purge();
    lock.lock();
    changed.wait_for(lock, kLookInterval, [this] { return stopping; });
  }
}

void Backbone::Parts::StopWatching() {
  {
    const std::lock_guard lock(mutex);
    stopping = true;
  }
  changed.notify_all();
  if (watcher.joinable()) watcher.join();
}

core::Status Backbone::Parts::Report(operations::v1::GetStatusResponse& status) {
  auto& store = *status.add_stores();
  store.set_name("postgres");
  store.set_reachable(database.Ping().has_value());
  TILTS_ASSIGN(const postgres::OutboxStatus outbox, postgres::OutboxRelay::Status(database));
  status.set_outbox_rows(status.outbox_rows() + outbox.rows);
  if (outbox.oldest_at) *status.mutable_oldest_outbox_at() = wire::ToTimestamp(*outbox.oldest_at);
  if (!runner) return {};
  TILTS_ASSIGN(const std::uint64_t letters, parked->Count());
  status.set_dead_letters(status.dead_letters() + letters);
  auto& bus = *status.add_stores();
  bus.set_name("kafka");
  const auto running = runner->Status();
  bus.set_reachable(running.has_value());
  if (!running) return core::Fail(running.error());
  // A member without its assignment does not know yet what it has to do: that is not rest.
  status.set_in_flight(status.in_flight() + running->busy + (running->joined ? 0 : 1));
  for (const auto* list : {&running->partitions, &running->others}) {
    for (const events::PartitionStatus& partition : *list) {
      auto& out = *status.add_consumers();
      out.set_topic(partition.at.topic);
      out.set_partition(partition.at.partition);
      out.set_stored_offset(partition.stored_offset);
      out.set_end_offset(partition.end_offset);
    }
  }
  return {};
}

Backbone::Backbone(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Backbone::~Backbone() {
  parts_->StopWatching();
}

postgres::Database& Backbone::database() {
  return parts_->database;
}
events::Publisher& Backbone::publisher() {
  return *parts_->producer;
}

core::Result<std::unique_ptr<Backbone>> Backbone::Create(service::Runtime& runtime) {
  TILTS_ASSIGN(auto database, DatabaseSettings(runtime.config, runtime.name));
  auto parts = std::make_unique<Parts>(std::move(database), runtime);
  TILTS_ASSIGN(parts->kafka_options, KafkaSettings(runtime.config, runtime.name));
  TILTS_ASSIGN(parts->producer, kafka::Producer::Create(parts->kafka_options));
  parts->relay = std::make_unique<postgres::OutboxRelay>(parts->database, *parts->producer, postgres::RelayOptions{},
                                                         &parts->relay_metrics);
  parts->postgres_ready = runtime.health.AddCondition("postgres");
  parts->kafka_ready = runtime.health.AddCondition("kafka");
  Parts* p = parts.get();
  runtime.operations.Add("backbone", [p](const rpc::CallContext&, operations::v1::GetStatusResponse& status) {
    return p->Report(status);
  });
  // Added before the consumer, so stopped after it: what the last batch emitted still leaves.
  runtime.lifecycle.Add({"outbox",
                         [p]() -> core::Status {
                           p->relay->Start();
                           p->watcher = std::thread([p] { p->Watch(); });
                           return {};
                         },
                         {},
                         [p](service::StopDeadline) {
                           p->StopWatching();
                           p->relay->Stop();
                         }});
  return std::unique_ptr<Backbone>(new Backbone(std::move(parts)));
}

core::Status Backbone::Consume(service::Runtime& runtime, ConsumeOptions options,
                               const postgres::SqlBatchProcessor::Handlers& handlers) {
  const config::v1::Kafka& section = runtime.config.kafka();
  const std::string group = section.group().empty() ? runtime.name : section.group();
  const kafka::ConsumerOptions membership{group, runtime.name + "-" + runtime.config.instance(), options.topics};
  parts_->consumer_metrics =
      std::make_unique<ConsumerMetrics>(runtime.metrics, runtime.log, options.topics, options.probe);
  TILTS_ASSIGN(parts_->consumer, kafka::Consumer::Create(parts_->kafka_options, membership));
  parts_->processor = std::make_unique<postgres::SqlBatchProcessor>(
      parts_->database, handlers, runtime.city_clock,
      postgres::SqlBatchOptions{group, std::move(options.order_free_topics), {}}, parts_->consumer_metrics.get());
  parts_->parked =
      std::make_unique<ParkedRecords>(parts_->database, *parts_->processor, group, std::move(options.audit_chain));
  events::RunnerOptions runner_options;
  runner_options.batch_records = section.batch_size();
  parts_->runner = std::make_unique<events::ConsumerRunner>(*parts_->consumer, *parts_->processor, runner_options,
                                                            parts_->consumer_metrics.get());
  runtime.operations.UseDeadLetters(*parts_->parked);
  parts_->consumer_ready = runtime.health.AddCondition("consumer");
  Parts* p = parts_.get();
  runtime.lifecycle.Add(
      {"consumer", [p] { return p->runner->Start(); }, {}, [p](service::StopDeadline) { p->runner->Stop(); }});
  return {};
}

}  // namespace tilts::backbone
