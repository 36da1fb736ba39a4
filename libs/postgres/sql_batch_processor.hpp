#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "core/clock.hpp"
#include "events/batch_processor.hpp"
#include "events/dispatcher.hpp"
#include "events/handler_probe.hpp"
#include "events/retry_policy.hpp"
#include "postgres/database.hpp"
#include "postgres/dead_letters.hpp"
#include "postgres/offset_store.hpp"

namespace tilts::postgres {

using HandlerProbe = events::HandlerProbe;

struct SqlBatchOptions {
  std::string group;  // the service's name
  // Topics whose records do not depend on each other: a dead letter parks nothing behind it.
  std::set<std::string> order_free_topics;
  events::RetryPolicy retry;
};

// ConsumerRunner's processor for services with PostgreSQL. One transaction per batch: compare-and-set of the offset,
// per record the sequence check and the handler, dead letters, the outbox; committed together. A batch that fails in a
// handler is run again with a savepoint per record, so that one bad record costs the others nothing.
//
// Fixed order around a handler: outcome counted <- dead letter <- retry decision <- sequence <- decode <- handler.
class SqlBatchProcessor : public events::BatchProcessor {
 public:
  using Handlers = events::Dispatcher<UnitOfWork>;

  // All must outlive the processor; `probe` may be null.
  SqlBatchProcessor(Database& database, const Handlers& handlers, const core::CityClock& clock, SqlBatchOptions options,
                    HandlerProbe* probe = nullptr);
  ~SqlBatchProcessor() override;

  core::Result<std::vector<std::optional<std::int64_t>>> LoadOffsets(
      const std::vector<events::TopicPartition>& partitions) override;
  core::Status Process(const events::TopicPartition& partition, std::optional<std::int64_t> expected,
                       std::span<const events::Record> records) override;
  void Forget(const events::TopicPartition& partition) override;

  // Handles the parked letters of one aggregate again, oldest first, each in its own transaction, until none is left
  // or one fails again (its error is returned; what was done before stays done). Returns how many were handled. Safe
  // beside the running consumer and other instances. `alongside` (may be empty) runs in the first of these
  // transactions: the audit record of who asked.
  core::Result<std::uint64_t> Redrive(const std::string& aggregate_id,
                                      const std::function<core::Status(UnitOfWork&)>& alongside = {});

 private:
  core::Status HandleLetter(UnitOfWork& unit, const events::Record& record);

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::postgres
