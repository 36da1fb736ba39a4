#pragma once

#include <tilts/notification/v1/notification_service.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "notification/domain/retry.hpp"
#include "postgres/database.hpp"

namespace tilts::notification {

struct NewDelivery {
  std::string endpoint_id;
  std::string institution_id;
  std::string event_id;
  std::string referral_id;
  std::string report_id;
  std::string type;
  std::string body;
  bool imminent = false;
  bool parked = false;  // every endpoint is disabled
  core::CityTime created_at{};
  std::optional<core::CityTime> second_channel_at;
  // Of the event that caused it, for the event that will settle it.
  std::string correlation_id;
  std::string school_year;
  std::string municipality;
  int purpose = 0;
  std::string traceparent;
};

// A delivery taken by one worker for one attempt.
struct Claim {
  std::string delivery_id;
  std::string lease;
  std::string body;
  bool imminent = false;
  core::CityTime created_at{};
  unsigned step = 0;  // of the ladder, this attempt included
  unsigned attempts = 0;
  std::string traceparent;
  std::string endpoint_id;
  std::string url;
  std::int64_t endpoint_version = 0;
  bool endpoint_disabled = false;
  std::string wrapped_key;
  std::string sealed_secret;
  std::string previous_sealed_secret;  // empty unless the secret was rotated lately
};

struct ClaimLimits {
  std::size_t total = 0;
  std::size_t per_endpoint = 0;
  core::CityTime now{};      // city: what is due
  core::CityTime machine{};  // machine: which leases have run out
  core::CityTime lease_until{};
  std::string lease;  // names the worker and its claim
};

// Deliveries and who works on them. A lease belongs to one claim: whoever lost it cannot settle.
class DeliveryStore {
 public:
  // One per (event, endpoint): a second one changes nothing. With `parked` it is settled at once.
  static core::Status Insert(postgres::UnitOfWork& unit, const NewDelivery& delivery);

  static core::Result<std::vector<Claim>> Take(postgres::Database& database, const ClaimLimits& limits);

  // Writes what became of an attempt, with its event when the delivery came to rest. False: the lease was lost.
  static core::Result<bool> Settle(postgres::UnitOfWork& unit, const Claim& claim, const domain::Decision& decision,
                                   const std::string& failure, core::CityTime now);
  // The attempt was not made after all.
  static core::Status Release(postgres::UnitOfWork& unit, const Claim& claim);

  // Ends every lease whose name begins with `worker` and a slash: that worker has died and is back. The attempts count.
  static core::Status TakeBack(postgres::Database& database, const std::string& worker);

  // The earliest city time at which something is to be done, also if it has passed.
  static core::Result<std::optional<core::CityTime>> NextDue(postgres::Database& database);
};

}  // namespace tilts::notification
