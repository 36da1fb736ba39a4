#include "notification/adapters/second_channel.hpp"

#include "notification/adapters/delivery_store.hpp"

namespace tilts::notification {
namespace {

constexpr int kBatch = 100;

NewDelivery CopyOf(const postgres::Row& row, core::CityTime now) {
  NewDelivery delivery;
  delivery.institution_id = row.Text(2);
  delivery.event_id = row.Text(3);
  delivery.referral_id = row.Text(4);
  delivery.report_id = row.Text(5);
  delivery.type = row.Text(6);
  delivery.body = row.Text(7);
  delivery.imminent = true;
  delivery.created_at = now;
  delivery.correlation_id = row.Text(8);
  delivery.school_year = row.Text(9);
  delivery.municipality = row.Text(10);
  delivery.purpose = static_cast<int>(row.Int(11));
  delivery.traceparent = row.Text(12);
  return delivery;
}

}  // namespace

core::Result<std::size_t> OpenSecondChannels(postgres::Database& database, const EndpointStore& endpoints,
                                             core::CityTime now) {
  return database.Transact([&](postgres::UnitOfWork& unit) -> core::Result<std::size_t> {
    TILTS_ASSIGN(
        const auto rows,
        unit.Exec("UPDATE delivery d SET second_channel_at = NULL FROM (SELECT delivery_id FROM delivery WHERE "
                  "second_channel_at <= $1 ORDER BY second_channel_at LIMIT $2 FOR UPDATE SKIP LOCKED) due "
                  "WHERE d.delivery_id = due.delivery_id AND d.state <> 2 RETURNING d.delivery_id, "
                  "d.endpoint_id, d.institution_id, d.event_id, d.referral_id, d.report_id, d.type, d.body, "
                  "d.correlation_id, d.school_year, d.municipality, d.purpose, d.traceparent",
                  {now, kBatch}));
    for (const postgres::Row& row : rows) {
      TILTS_ASSIGN(const auto channels, endpoints.Channels(unit, row.Text(2)));
      const auto next = domain::NextChannel(channels, row.Text(1));
      if (!next) continue;
      NewDelivery delivery = CopyOf(row, now);
      delivery.endpoint_id = *next;
      TILTS_CHECK(DeliveryStore::Insert(unit, delivery));
    }
    return rows.size();
  });
}

}  // namespace tilts::notification
