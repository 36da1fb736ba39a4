#include "notification/adapters/delivery_methods.hpp"

#include "backbone/audit.hpp"
#include "notification/adapters/delivery_view.hpp"
#include "notification/adapters/feed_store.hpp"

namespace tilts::notification {
namespace {

using auth::AccessDecision;
using auth::Principal;

constexpr std::uint32_t kDefaultItems = 100;
constexpr std::uint32_t kMostItems = 500;
constexpr std::uint32_t kLongestWait = 30;
// A wait ends before the call's own deadline, so that the answer still arrives.
constexpr std::chrono::milliseconds kAnswerMargin{500};

AccessDecision MayRedrive(const Principal& principal, const std::optional<v1::Delivery>& delivery) {
  if (!delivery) return AccessDecision::Deny("UNKNOWN");
  if (principal.kind == Principal::Kind::kOperator) return AccessDecision::Allow("OPERATOR");
  if (principal.institution_id == delivery->institution_id()) return AccessDecision::Allow("OWNER");
  return AccessDecision::Deny("NOT_A_PARTY");
}

}  // namespace

void DeliveryMethods::ReadFeed(const rpc::CallContext& call, const v1::ReadFeedRequest& request,
                               rpc::Replier<v1::ReadFeedResponse> reply) const {
  const std::string institution = call.principal.institution_id;
  const std::uint64_t cursor = request.cursor();
  const std::uint32_t limit = request.limit() == 0 ? kDefaultItems : std::min(request.limit(), kMostItems);
  auto now = FeedStore::Read(database_, institution, cursor, limit);
  const auto patience = std::min<std::chrono::milliseconds>(
      std::chrono::seconds(std::min(request.wait_seconds(), kLongestWait)), call.Remaining() - kAnswerMargin);
  if (!now || !now->items().empty() || patience <= std::chrono::milliseconds(0)) return reply.Send(now);
  auto waiting = std::make_shared<rpc::Replier<v1::ReadFeedResponse>>(std::move(reply));
  waiters_.Wait(institution, cursor, FeedWaiters::Clock::now() + patience, [this, institution, cursor, limit, waiting] {
    waiting->Send(FeedStore::Read(database_, institution, cursor, limit));
  });
}

core::Result<v1::ListDeliveriesResponse> DeliveryMethods::List(const rpc::CallContext& call,
                                                               const v1::ListDeliveriesRequest& request) const {
  const bool everybody = call.principal.kind == Principal::Kind::kOperator;
  return DeliveryView::List(database_, everybody ? "" : call.principal.institution_id, request);
}

core::Result<v1::RedriveDeliveryResponse> DeliveryMethods::Redrive(const rpc::CallContext& call,
                                                                   const v1::RedriveDeliveryRequest& request) const {
  AccessDecision decision;
  auto answer = database_.Transact([&](postgres::UnitOfWork& unit) -> core::Result<v1::RedriveDeliveryResponse> {
    v1::RedriveDeliveryResponse response;
    TILTS_ASSIGN(auto delivery, DeliveryView::Find(unit, request.delivery_id()));
    decision = MayRedrive(call.principal, delivery);
    TILTS_ASSIGN(
        const auto audit,
        backbone::AuditOfCall(
            call, "notification",
            {"notification.deliveries", auth::Touch::kWrite, {"delivery/" + request.delivery_id()}, decision, ""}));
    TILTS_CHECK(unit.Emit(audit));
    if (!decision.allowed) return response;
    const std::string& institution = call.principal.institution_id;
    TILTS_ASSIGN(const auto seen, idempotency_.Begin(unit, institution, request.request_id(), request));
    if (!seen) {
      TILTS_CHECK(DeliveryView::Redrive(unit, request.delivery_id(), call.now));
      TILTS_CHECK(
          idempotency_.Complete(unit, institution, request.request_id(), request, request.delivery_id(), call.now));
      TILTS_ASSIGN(delivery, DeliveryView::Find(unit, request.delivery_id()));
    }
    *response.mutable_delivery() = *delivery;
    return response;
  });
  if (!answer) return answer;
  TILTS_CHECK(auth::HideWhenDenied(decision, "delivery"));
  wake_();
  return answer;
}

}  // namespace tilts::notification
