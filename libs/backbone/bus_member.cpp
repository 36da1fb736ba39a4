#include "backbone/bus_member.hpp"

#include <tilts/operations/v1/operations_service.pb.h>

#include "backbone/answer_time.hpp"
#include "backbone/lag_age.hpp"
#include "backbone/settings.hpp"
#include "backbone/store_probe.hpp"
#include "core/concat.hpp"
#include "events/consumer_runner.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"

namespace tilts::backbone {

struct BusMember::Parts {
  // Destroyed in reverse: the runner before what it reads.
  kafka::KafkaOptions options;
  std::string group;
  std::vector<std::string> topics;
  std::unique_ptr<kafka::Producer> producer;
  std::unique_ptr<ConsumerMetrics> metrics;
  LagAge lag_age;
  AnswerTime answer_time;
  std::unique_ptr<kafka::Consumer> consumer;
  std::unique_ptr<events::ConsumerRunner> runner;
  service::Health::Setter kafka_ready;
  service::Health::Setter consumer_ready;
  bool warmed_up = false;
};

BusMember::BusMember(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
BusMember::~BusMember() = default;

core::Result<std::unique_ptr<BusMember>> BusMember::Create(service::Runtime& runtime) {
  auto parts = std::make_unique<Parts>();
  TILTS_ASSIGN(parts->options, KafkaSettings(runtime.config, runtime.name));
  const std::string& group = runtime.config.kafka().group();
  parts->group = group.empty() ? runtime.name : group;
  TILTS_ASSIGN(parts->producer, kafka::Producer::Create(parts->options));
  parts->kafka_ready = runtime.health.AddCondition("kafka");
  return std::unique_ptr<BusMember>(new BusMember(std::move(parts)));
}

events::Publisher& BusMember::publisher() {
  return *parts_->producer;
}
const kafka::KafkaOptions& BusMember::options() const {
  return parts_->options;
}
const std::string& BusMember::group() const {
  return parts_->group;
}

events::HandlerProbe& BusMember::Observe(service::Runtime& runtime, std::vector<std::string> topics,
                                         events::HandlerProbe* next) {
  parts_->topics = std::move(topics);
  parts_->answer_time = AnswerTime(runtime.metrics, "kafka");
  parts_->metrics = std::make_unique<ConsumerMetrics>(runtime.metrics, runtime.log, parts_->topics, next);
  return *parts_->metrics;
}

core::Status BusMember::Consume(service::Runtime& runtime, events::BatchProcessor& processor) {
  const kafka::ConsumerOptions membership{parts_->group, runtime.name + "-" + runtime.config.instance(), parts_->topics,
                                          runtime.config.kafka().batch_size()};
  TILTS_ASSIGN(parts_->consumer, kafka::Consumer::Create(parts_->options, membership));
  events::RunnerOptions options;
  options.batch_records = runtime.config.kafka().batch_size();
  parts_->runner =
      std::make_unique<events::ConsumerRunner>(*parts_->consumer, processor, options, parts_->metrics.get());
  parts_->consumer_ready = runtime.health.AddCondition("consumer");
  Parts* p = parts_.get();
  runtime.lifecycle.Add(
      {"consumer", [p] { return p->runner->Start(); }, {}, [p](service::StopDeadline) { p->runner->Stop(); }});
  return {};
}

void BusMember::Look() {
  // Once: later the publishers and the consumer show whether the broker answers.
  if (!parts_->warmed_up) parts_->warmed_up = parts_->producer->WarmUp().has_value();
  parts_->kafka_ready(parts_->warmed_up);
  if (!parts_->runner) return;
  const events::RunnerStatus status = parts_->runner->LastStatus();
  parts_->consumer_ready(status.running && status.joined && !status.stuck && !status.refused());
}

void BusMember::Measure(std::uint64_t dead_letters) {
  if (!parts_->runner) return;
  const auto asked = std::chrono::steady_clock::now();
  const auto status = parts_->runner->Status();
  if (!status) return;
  const auto now = std::chrono::steady_clock::now();
  parts_->answer_time.Observe(now - asked);
  parts_->metrics->ShowLag(status->lag(), parts_->lag_age.Oldest(*status, now), dead_letters);
}

core::Status BusMember::Report(operations::v1::GetStatusResponse& status) {
  if (!parts_->runner) return {};
  auto& bus = *status.add_stores();
  bus.set_name("kafka");
  const auto running = parts_->runner->Status();
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
      if (partition.state == events::PartitionState::kRefused) {
        auto& fault = *status.add_faults();
        fault.set_code(operations::v1::FAULT_CODE_PARTITION_REFUSED);
        fault.set_object(core::Concat(partition.at.topic, "/", partition.at.partition));
      }
    }
  }
  if (running->stuck) status.add_faults()->set_code(operations::v1::FAULT_CODE_HANDLER_STUCK);
  return {};
}

}  // namespace tilts::backbone
