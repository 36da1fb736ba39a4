#pragma once

#include <tilts/notification/v1/notification_service.pb.h>

#include <optional>
#include <string>

#include "core/city_time.hpp"
#include "postgres/database.hpp"

namespace tilts::notification {

// What people see of deliveries.
class DeliveryView {
 public:
  // Oldest first; `institution_id` empty: everybody's.
  static core::Result<v1::ListDeliveriesResponse> List(postgres::Database& database, const std::string& institution_id,
                                                       const v1::ListDeliveriesRequest& request);
  static core::Result<std::optional<v1::Delivery>> Find(postgres::UnitOfWork& unit, const std::string& delivery_id);

  // A parked delivery starts its ladder again. kRefused: DELIVERY_STATE, or ENDPOINT_DISABLED.
  static core::Status Redrive(postgres::UnitOfWork& unit, const std::string& delivery_id, core::CityTime now);
};

struct DeliveryFigures {
  std::uint64_t due_now = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t parked = 0;
  std::optional<core::CityTime> next_due_at;  // later than now
  std::string oldest_undone;                  // "delivery/<id>"
  std::optional<core::CityTime> oldest_undone_at;
};

core::Result<DeliveryFigures> ReadFigures(postgres::Database& database, core::CityTime now, core::CityTime machine);

}  // namespace tilts::notification
