#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "events/batch_processor.hpp"
#include "events/bus.hpp"
#include "events/handler_probe.hpp"
#include "kafka/kafka_options.hpp"
#include "service/service.hpp"

namespace tilts::backbone {

// The Kafka side of a service, whatever its store is: the producer, the one consumer, readiness ("kafka", "consumer"),
// metrics and status figures. Backbone has one; a service on Redis builds its own around one:
//
//   TILTS_ASSIGN(auto made, backbone::BusMember::Create(runtime));
//   auto& bus = runtime.Own(std::move(made));
//   auto& probe = bus.Observe(runtime, {"tilts.learning.v1"});
//   auto& processor = runtime.Own(std::make_unique<MyProcessor>(…, probe));
//   TILTS_CHECK(bus.Consume(runtime, processor));
//
// Nothing connects before the start. Its owner calls Look and Measure from its watch, and Report for the status.
class BusMember {
 public:
  static core::Result<std::unique_ptr<BusMember>> Create(service::Runtime& runtime);
  ~BusMember();
  BusMember(const BusMember&) = delete;
  BusMember& operator=(const BusMember&) = delete;

  events::Publisher& publisher();
  const kafka::KafkaOptions& options() const;
  const std::string& group() const;  // the configuration's, else the service's name

  // Which topics Consume will read; the answer counts what their records become. `next` (may be null) hears of each
  // record too and outlives the stop. At most once, before Consume.
  events::HandlerProbe& Observe(service::Runtime& runtime, std::vector<std::string> topics,
                                events::HandlerProbe* next = nullptr);
  // `processor` outlives the stop.
  core::Status Consume(service::Runtime& runtime, events::BatchProcessor& processor);

  // Cheap: what is known without asking the broker.
  void Look();
  // Asks the broker; `dead_letters` are those of the owner's store.
  void Measure(std::uint64_t dead_letters);
  // Adds store "kafka", consumers and records in hand, when it consumes.
  core::Status Report(operations::v1::GetStatusResponse& status);

 private:
  struct Parts;
  explicit BusMember(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::backbone
