#include "notification/adapters/delivery_store.hpp"

#include <tilts/notification/v1/events.pb.h>

#include "events/draft.hpp"
#include "notification/adapters/endpoint_store.hpp"
#include "wire/time.hpp"

namespace tilts::notification {
namespace {

using postgres::UnitOfWork;

// Under the row's lock: the events of one delivery leave in order.
core::Status EmitSettled(UnitOfWork& unit, const std::string& delivery_id, core::CityTime now) {
  TILTS_ASSIGN(const auto rows,
               unit.Exec("UPDATE delivery SET settlements = settlements + 1 WHERE delivery_id = $1 RETURNING "
                         "settlements, event_id, endpoint_id, institution_id, referral_id, report_id, state, attempts, "
                         "last_failure, correlation_id, school_year, municipality, purpose, traceparent",
                         {delivery_id}));
  const postgres::Row row = rows.front();
  v1::DeliverySettled event;
  event.set_delivery_id(delivery_id);
  event.set_endpoint_id(row.Text(2));
  event.set_institution_id(row.Text(3));
  event.set_referral_id(row.Text(4).empty() ? row.Text(5) : row.Text(4));
  event.set_state(static_cast<v1::DeliveryState>(row.Int(6)));
  event.set_attempts(static_cast<std::uint32_t>(row.Int(7)));
  event.set_last_failure(row.Text(8));
  *event.mutable_settled_at() = wire::ToTimestamp(now);
  events::Meta meta;
  meta.sequence = static_cast<std::uint64_t>(row.Int(0));
  meta.id = events::DerivedId(delivery_id, "settled", static_cast<std::uint32_t>(meta.sequence));
  meta.source = "/notification";
  meta.subject = delivery_id;
  meta.purpose = static_cast<codes::v1::Purpose>(row.Int(12));
  meta.occurred_at = now;
  meta.recorded_at = now;
  meta.causation_id = row.Text(1);
  meta.correlation_id = row.Text(9);
  meta.school_year = row.Text(10);
  meta.municipality = row.Text(11);
  meta.traceparent = row.Text(13);
  TILTS_ASSIGN(const events::Draft draft, events::MakeDraft(event, meta));
  return unit.Emit(draft);
}

// Candidates per endpoint by index, no more than it may have in flight; then a lock that steps over what another
// worker holds. What changed hands meanwhile is checked again under the lock.
constexpr char kTake[] = R"(
WITH candidate AS (
  SELECT c.delivery_id FROM endpoint e CROSS JOIN LATERAL (
    SELECT d.delivery_id, d.imminent, d.next_attempt_at, d.number FROM delivery d
     WHERE d.endpoint_id = e.endpoint_id AND d.state = 1 AND d.next_attempt_at <= $1
       AND (d.lease IS NULL OR d.lease_until < $2)
     ORDER BY d.imminent DESC, d.next_attempt_at, d.number
     LIMIT greatest(0, $5::bigint - (SELECT count(*) FROM delivery a WHERE a.endpoint_id = e.endpoint_id
                                      AND a.lease IS NOT NULL AND a.lease_until >= $2))) c
   WHERE e.rest_until IS NULL OR e.rest_until <= $1
   ORDER BY c.imminent DESC, c.next_attempt_at, c.number LIMIT $6),
taken AS (
  SELECT d.delivery_id FROM delivery d JOIN candidate USING (delivery_id)
   WHERE d.state = 1 AND (d.lease IS NULL OR d.lease_until < $2)
   FOR UPDATE OF d SKIP LOCKED)
UPDATE delivery d SET lease = $3, lease_until = $4, attempts = d.attempts + 1, step = d.step + 1
  FROM taken, endpoint e
 WHERE d.delivery_id = taken.delivery_id AND e.endpoint_id = d.endpoint_id
RETURNING d.delivery_id, d.body, d.imminent, d.step, d.attempts, d.traceparent, e.endpoint_id, e.url, e.version,
  e.disabled_at IS NOT NULL, e.wrapped_key, e.sealed_secret,
  CASE WHEN e.previous_until > $1 THEN e.previous_sealed_secret END, d.created_at)";

}  // namespace

core::Status DeliveryStore::Insert(UnitOfWork& unit, const NewDelivery& delivery) {
  const std::string id = events::DerivedId(delivery.event_id, "delivery/" + delivery.endpoint_id, 0);
  TILTS_ASSIGN(
      const auto rows,
      unit.Exec(
          "INSERT INTO delivery (delivery_id, event_id, endpoint_id, institution_id, referral_id, report_id, type, "
          "body, imminent, state, last_failure, created_at, next_attempt_at, second_channel_at, correlation_id, "
          "school_year, municipality, purpose, traceparent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
          "$12, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT ON CONSTRAINT delivery_once DO NOTHING",
          {id, delivery.event_id, delivery.endpoint_id, delivery.institution_id, delivery.referral_id,
           delivery.report_id, delivery.type, delivery.body, delivery.imminent,
           static_cast<int>(delivery.parked ? v1::DELIVERY_STATE_PARKED : v1::DELIVERY_STATE_PENDING),
           delivery.parked ? "GONE" : "", delivery.created_at, delivery.second_channel_at, delivery.correlation_id,
           delivery.school_year, delivery.municipality, delivery.purpose, delivery.traceparent}));
  if (rows.affected() == 0 || !delivery.parked) return {};
  return EmitSettled(unit, id, delivery.created_at);
}

core::Result<std::vector<Claim>> DeliveryStore::Take(postgres::Database& database, const ClaimLimits& limits) {
  TILTS_ASSIGN(const auto rows, database.Query(kTake, {limits.now, limits.machine, limits.lease, limits.lease_until,
                                                       limits.per_endpoint, limits.total}));
  std::vector<Claim> claims;
  for (const postgres::Row& row : rows) {
    Claim claim;
    claim.delivery_id = row.Text(0);
    claim.lease = limits.lease;
    claim.body = row.Text(1);
    claim.imminent = row.Bool(2);
    claim.step = static_cast<unsigned>(row.Int(3));
    claim.attempts = static_cast<unsigned>(row.Int(4));
    claim.traceparent = row.Text(5);
    claim.endpoint_id = row.Text(6);
    claim.url = row.Text(7);
    claim.endpoint_version = row.Int(8);
    claim.endpoint_disabled = row.Bool(9);
    claim.wrapped_key = row.BytesOf(10);
    claim.sealed_secret = row.BytesOf(11);
    claim.previous_sealed_secret = row.OptionalBytes(12).value_or("");
    claim.created_at = row.Time(13);
    claims.push_back(std::move(claim));
  }
  return claims;
}

core::Result<bool> DeliveryStore::Settle(UnitOfWork& unit, const Claim& claim, const domain::Decision& decision,
                                         const std::string& failure, core::CityTime now) {
  using Next = domain::Decision::Next;
  const bool delivered = decision.next == Next::kDelivered;
  const bool parked = decision.next == Next::kPark;
  const int state = delivered ? v1::DELIVERY_STATE_DELIVERED
                    : parked  ? v1::DELIVERY_STATE_PARKED
                              : v1::DELIVERY_STATE_PENDING;
  // A parked danger is not left to its two minutes: the second channel is due now.
  TILTS_ASSIGN(
      const auto rows,
      unit.Exec("UPDATE delivery SET lease = NULL, lease_until = NULL, state = $3::smallint, last_failure = $4, "
                "next_attempt_at = CASE WHEN $3::smallint = 1 THEN $5::timestamptz ELSE next_attempt_at END, "
                "delivered_at = CASE WHEN $3::smallint = 2 THEN $6::timestamptz END, "
                "second_channel_at = CASE WHEN $3::smallint = 2 THEN NULL WHEN $3::smallint = 3 AND imminent THEN "
                "least(second_channel_at, $6::timestamptz) "
                "ELSE second_channel_at END WHERE delivery_id = $1 AND lease = $2",
                {claim.delivery_id, claim.lease, state, failure, decision.retry_at, now}));
  if (rows.affected() == 0) return false;
  if (decision.disable_endpoint) {
    TILTS_CHECK(EndpointStore::Disable(unit, claim.endpoint_id, claim.endpoint_version, now));
  }
  if (decision.rest_endpoint_until) {
    TILTS_CHECK(EndpointStore::Rest(unit, claim.endpoint_id, claim.endpoint_version, *decision.rest_endpoint_until));
  }
  if (delivered || parked) TILTS_CHECK(EmitSettled(unit, claim.delivery_id, now));
  return true;
}

core::Status DeliveryStore::Release(UnitOfWork& unit, const Claim& claim) {
  TILTS_CHECK(
      unit.Exec("UPDATE delivery SET lease = NULL, lease_until = NULL, attempts = attempts - 1, "
                "step = step - 1 WHERE delivery_id = $1 AND lease = $2",
                {claim.delivery_id, claim.lease}));
  return {};
}

core::Status DeliveryStore::TakeBack(postgres::Database& database, const std::string& worker) {
  TILTS_CHECK(
      database.Query("UPDATE delivery SET lease = NULL, lease_until = NULL "
                     "WHERE lease IS NOT NULL AND starts_with(lease, $1 || '/')",
                     {worker}));
  return {};
}

core::Result<std::optional<core::CityTime>> DeliveryStore::NextDue(postgres::Database& database) {
  TILTS_ASSIGN(
      const auto rows,
      database.Query("SELECT least((SELECT min(greatest(d.next_attempt_at, e.rest_until)) FROM delivery d JOIN "
                     "endpoint e USING (endpoint_id) WHERE d.state = 1 AND d.lease IS NULL), "
                     "(SELECT min(second_channel_at) FROM delivery WHERE second_channel_at IS NOT NULL))"));
  return rows.front().OptionalTime(0);
}

}  // namespace tilts::notification
