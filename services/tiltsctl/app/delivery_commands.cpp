#include "tiltsctl/app/delivery_commands.hpp"

#include <google/protobuf/descriptor.h>
#include <tilts/notification/v1/notification_service.pb.h>

#include <ostream>

#include "core/concat.hpp"
#include "crypto/random.hpp"
#include "tiltsctl/adapters/connection.hpp"
#include "tiltsctl/app/message_text.hpp"
#include "tiltsctl/app/table.hpp"

namespace tilts::tiltsctl {
namespace {

constexpr char kService[] = "notification";
constexpr std::uint32_t kPage = 500;

}  // namespace

core::Result<int> ListDeliveries(Session& session, const std::string& state) {
  notification::v1::ListDeliveriesRequest request;
  request.set_page_size(kPage);
  if (!state.empty()) TILTS_CHECK(SetField(request, *request.GetDescriptor()->FindFieldByName("state"), state));
  notification::v1::ListDeliveriesResponse all;
  do {
    TILTS_ASSIGN(auto page, session.connection.Call<notification::v1::ListDeliveriesResponse>(
                                kService, "tilts.notification.v1.NotificationService/ListDeliveries", request));
    request.set_page_token(page.next_page_token());
    for (auto& delivery : *page.mutable_deliveries()) all.add_deliveries()->Swap(&delivery);
  } while (!request.page_token().empty());
  return Show(session, all, [&] {
    Table table(
        {"DELIVERY", "STATE", "ATTEMPTS", "LAST FAILURE", "NEXT ATTEMPT", "DELIVERED", "INSTITUTION", "REFERRAL"});
    for (const auto& delivery : all.deliveries()) {
      table.Add({delivery.delivery_id(), EnumText(*notification::v1::DeliveryState_descriptor(), delivery.state()),
                 core::Concat(delivery.attempts()), delivery.last_failure(), TimeText(delivery.next_attempt_at()),
                 TimeText(delivery.delivered_at()), delivery.institution_id(), delivery.referral_id()});
    }
    table.Print(session.out);
  });
}

core::Result<int> RedriveDelivery(Session& session, const std::string& delivery_id) {
  notification::v1::RedriveDeliveryRequest request;
  request.set_request_id(crypto::RandomId());
  request.set_delivery_id(delivery_id);
  TILTS_ASSIGN(const auto answer, session.connection.Call<notification::v1::RedriveDeliveryResponse>(
                                      kService, "tilts.notification.v1.NotificationService/RedriveDelivery", request));
  return Show(session, answer, [&] { PrintMessage(answer.delivery(), session.out); });
}

}  // namespace tilts::tiltsctl
