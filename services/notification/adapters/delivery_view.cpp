#include "notification/adapters/delivery_view.hpp"

#include <charconv>

#include "wire/time.hpp"

namespace tilts::notification {
namespace {

constexpr std::uint32_t kDefaultPage = 100;
constexpr std::uint32_t kLargestPage = 500;
constexpr char kColumns[] =
    "delivery_id, endpoint_id, institution_id, referral_id, event_id, state, attempts, last_failure, next_attempt_at, "
    "delivered_at, report_id, type, created_at";

v1::Delivery FromRow(const postgres::Row& row) {
  v1::Delivery delivery;
  delivery.set_delivery_id(row.Text(0));
  delivery.set_endpoint_id(row.Text(1));
  delivery.set_institution_id(row.Text(2));
  delivery.set_referral_id(row.Text(3));
  delivery.set_event_id(row.Text(4));
  delivery.set_state(static_cast<v1::DeliveryState>(row.Int(5)));
  delivery.set_attempts(static_cast<std::uint32_t>(row.Int(6)));
  delivery.set_last_failure(row.Text(7));
  if (delivery.state() == v1::DELIVERY_STATE_PENDING) {
    *delivery.mutable_next_attempt_at() = wire::ToTimestamp(row.Time(8));
  }
  if (const auto at = row.OptionalTime(9)) *delivery.mutable_delivered_at() = wire::ToTimestamp(*at);
  delivery.set_report_id(row.Text(10));
  delivery.set_type(row.Text(11));
  *delivery.mutable_created_at() = wire::ToTimestamp(row.Time(12));
  return delivery;
}

core::Result<std::int64_t> AfterNumber(const std::string& token) {
  std::int64_t number = 0;
  if (token.empty()) return number;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
  if (error == std::errc() && end == token.data() + token.size() && number >= 0) return number;
  return core::Fail(core::Error{core::Errc::kInvalid,
                                "use the page token of an earlier answer",
                                "PAGE_TOKEN",
                                {{"page_token", "PAGE_TOKEN", "use the page token of an earlier answer"}},
                                0});
}

}  // namespace

core::Result<v1::ListDeliveriesResponse> DeliveryView::List(postgres::Database& database,
                                                            const std::string& institution_id,
                                                            const v1::ListDeliveriesRequest& request) {
  TILTS_ASSIGN(const std::int64_t after, AfterNumber(request.page_token()));
  const std::uint32_t limit = request.page_size() == 0 ? kDefaultPage : std::min(request.page_size(), kLargestPage);
  TILTS_ASSIGN(const auto rows,
               database.Query(std::string("SELECT ") + kColumns +
                                  ", number FROM delivery WHERE number > $1 AND ($2 = '' OR institution_id = $2) AND "
                                  "($3 = 0 OR state = $3) ORDER BY number LIMIT $4",
                              {after, institution_id, static_cast<int>(request.state()), limit}));
  v1::ListDeliveriesResponse answer;
  for (const postgres::Row& row : rows) *answer.add_deliveries() = FromRow(row);
  if (rows.size() == limit) answer.set_next_page_token(rows[rows.size() - 1].Text(13));
  return answer;
}

core::Result<std::optional<v1::Delivery>> DeliveryView::Find(postgres::UnitOfWork& unit,
                                                             const std::string& delivery_id) {
  TILTS_ASSIGN(const auto rows,
               unit.Exec(std::string("SELECT ") + kColumns + " FROM delivery WHERE delivery_id = $1", {delivery_id}));
  if (rows.empty()) return std::optional<v1::Delivery>();
  return std::optional(FromRow(rows.front()));
}

core::Status DeliveryView::Redrive(postgres::UnitOfWork& unit, const std::string& delivery_id, core::CityTime now) {
  TILTS_ASSIGN(const auto rows, unit.Exec("SELECT d.state, e.disabled_at IS NOT NULL FROM delivery d JOIN endpoint e "
                                          "USING (endpoint_id) WHERE delivery_id = $1 FOR UPDATE OF d",
                                          {delivery_id}));
  if (rows.empty()) return core::Fail(core::Errc::kNotFound, "there is no such delivery");
  if (rows.front().Int(0) != v1::DELIVERY_STATE_PARKED) {
    return core::Fail(core::Errc::kRefused, "only a parked delivery can be sent again", "DELIVERY_STATE");
  }
  if (rows.front().Bool(1)) {
    return core::Fail(core::Errc::kRefused, "the endpoint is disabled: its institution registers it anew first",
                      "ENDPOINT_DISABLED");
  }
  TILTS_CHECK(unit.Exec("UPDATE delivery SET state = 1, step = 0, next_attempt_at = $2 WHERE delivery_id = $1",
                        {delivery_id, now}));
  return {};
}

core::Result<DeliveryFigures> ReadFigures(postgres::Database& database, core::CityTime now, core::CityTime machine) {
  TILTS_ASSIGN(const auto rows,
               database.Query(
                   "WITH undone AS (SELECT d.delivery_id, d.created_at, greatest(d.next_attempt_at, e.rest_until) AS "
                   "due_at, d.lease IS NOT NULL AND d.lease_until >= $2 AS leased FROM delivery d JOIN endpoint e "
                   "USING (endpoint_id) WHERE d.state = 1), "
                   "second AS (SELECT second_channel_at AS due_at FROM delivery WHERE second_channel_at IS NOT NULL) "
                   "SELECT (SELECT count(*) FROM undone WHERE NOT leased AND due_at <= $1) + "
                   "(SELECT count(*) FROM second WHERE due_at <= $1), "
                   "(SELECT count(*) FROM undone WHERE leased), "
                   "(SELECT count(*) FROM delivery WHERE state = 3), "
                   "least((SELECT min(due_at) FROM undone WHERE NOT leased AND due_at > $1), "
                   "(SELECT min(due_at) FROM second WHERE due_at > $1)), "
                   "(SELECT delivery_id FROM undone ORDER BY created_at LIMIT 1), (SELECT min(created_at) FROM undone)",
                   {now, machine}));
  const postgres::Row row = rows.front();
  DeliveryFigures figures;
  figures.due_now = static_cast<std::uint64_t>(row.Int(0));
  figures.in_flight = static_cast<std::uint64_t>(row.Int(1));
  figures.parked = static_cast<std::uint64_t>(row.Int(2));
  figures.next_due_at = row.OptionalTime(3);
  if (const auto oldest = row.OptionalText(4)) figures.oldest_undone = "delivery/" + *oldest;
  figures.oldest_undone_at = row.OptionalTime(5);
  return figures;
}

}  // namespace tilts::notification
