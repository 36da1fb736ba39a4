#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "events/bus.hpp"
#include "postgres/database.hpp"
#include "postgres/sql_batch_processor.hpp"
#include "service/service.hpp"

namespace tilts::backbone {

struct ConsumeOptions {
  std::vector<std::string> topics;
  std::set<std::string> order_free_topics;
  // Name of the audit chain that records re-driven dead letters, e.g. "notification.operations".
  std::string audit_chain;
  // Told of each record after its commit; may be null, else outlives the stop.
  postgres::HandlerProbe* probe = nullptr;
};

// What every service with PostgreSQL and Kafka stands on: the database, the outbox and its relay, the one consumer,
// dead letters, readiness ("postgres", "kafka", "consumer") and the status figures of all of them. Built in Wire:
//
//   TILTS_ASSIGN(auto made, backbone::Backbone::Create(runtime));
//   auto& backbone = runtime.Own(std::move(made));
//   auto& handlers = runtime.Own(std::make_unique<postgres::SqlBatchProcessor::Handlers>());
//   handlers.On<cases::v1::CaseOpened>(…);
//   TILTS_CHECK(backbone.Consume(runtime, {…}, handlers));
//
// Nothing connects before the start; a part that is down makes the service not ready and nothing else.
class Backbone {
 public:
  static core::Result<std::unique_ptr<Backbone>> Create(service::Runtime& runtime);
  ~Backbone();
  Backbone(const Backbone&) = delete;
  Backbone& operator=(const Backbone&) = delete;

  postgres::Database& database();
  events::Publisher& publisher();

  // At most once. `handlers` must outlive the service's stop.
  core::Status Consume(service::Runtime& runtime, ConsumeOptions options,
                       const postgres::SqlBatchProcessor::Handlers& handlers);

 private:
  struct Parts;
  explicit Backbone(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::backbone
