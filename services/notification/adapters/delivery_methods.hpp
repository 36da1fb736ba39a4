#pragma once

#include <tilts/notification/v1/notification_service.pb.h>

#include <functional>

#include "notification/adapters/feed_waiters.hpp"
#include "postgres/database.hpp"
#include "postgres/idempotency.hpp"
#include "rpc/call.hpp"
#include "rpc/replier.hpp"

namespace tilts::notification {

// The methods of NotificationService about the feed and deliveries.
class DeliveryMethods {
 public:
  DeliveryMethods(postgres::Database& database, FeedWaiters& waiters, postgres::Idempotency idempotency,
                  std::function<void()> wake)
      : database_(database), waiters_(waiters), idempotency_(std::move(idempotency)), wake_(std::move(wake)) {}

  void ReadFeed(const rpc::CallContext& call, const v1::ReadFeedRequest& request,
                rpc::Replier<v1::ReadFeedResponse> reply) const;
  core::Result<v1::ListDeliveriesResponse> List(const rpc::CallContext& call,
                                                const v1::ListDeliveriesRequest& request) const;
  core::Result<v1::RedriveDeliveryResponse> Redrive(const rpc::CallContext& call,
                                                    const v1::RedriveDeliveryRequest& request) const;

 private:
  postgres::Database& database_;
  FeedWaiters& waiters_;
  const postgres::Idempotency idempotency_;
  const std::function<void()> wake_;
};

}  // namespace tilts::notification
