#pragma once

#include "core/clock.hpp"
#include "events/dispatcher.hpp"
#include "notification/adapters/endpoint_store.hpp"
#include "notification/app/mailing.hpp"
#include "notification/domain/retry.hpp"
#include "postgres/sql_batch_processor.hpp"

namespace tilts::notification {

// Turns events of the log into feed items and deliveries, in the consumer's transaction.
class EventWriter {
 public:
  EventWriter(const EndpointStore& endpoints, const domain::RetryPolicy& policy, const core::CityClock& clock)
      : endpoints_(endpoints), policy_(policy), clock_(clock) {}

  // The handlers of every event that somebody must hear of.
  postgres::SqlBatchProcessor::Handlers Handlers() const;

  core::Status Write(postgres::UnitOfWork& unit, const events::v1::Envelope& envelope,
                     const std::vector<Mailing>& mailings) const;

 private:
  core::Status Push(postgres::UnitOfWork& unit, const events::v1::Envelope& envelope, const Mailing& mailing) const;

  const EndpointStore& endpoints_;
  const domain::RetryPolicy& policy_;
  const core::CityClock& clock_;
};

// The topics this service reads.
std::vector<std::string> ConsumedTopics();

}  // namespace tilts::notification
