#include "notification/adapters/feed_store.hpp"

#include "wire/bytes.hpp"

namespace tilts::notification {

core::Status FeedStore::Append(postgres::UnitOfWork& unit, const Mailing& mailing) {
  TILTS_ASSIGN(const auto known, unit.Exec("SELECT 1 FROM feed_item WHERE institution_id = $1 AND event_id = $2",
                                           {mailing.to.institution, mailing.notice.event_id()}));
  if (!known.empty()) return {};
  TILTS_ASSIGN(const std::string notice, wire::Serialize(mailing.notice));
  TILTS_CHECK(
      unit.Exec("WITH head AS (INSERT INTO feed_head VALUES ($1, 1) ON CONFLICT (institution_id) "
                "DO UPDATE SET last_cursor = feed_head.last_cursor + 1 RETURNING last_cursor) "
                "INSERT INTO feed_item (institution_id, cursor, event_id, own_move, pushed, notice) "
                "SELECT $1::text, last_cursor, $2::text, $3::boolean, $4::boolean, $5::bytea FROM head",
                {mailing.to.institution, mailing.notice.event_id(), mailing.to.own_move, mailing.to.push,
                 postgres::Bytes{notice}}));
  return {};
}

core::Result<v1::ReadFeedResponse> FeedStore::Read(postgres::Database& database, const std::string& institution_id,
                                                   std::uint64_t cursor, std::uint32_t limit) {
  TILTS_ASSIGN(const auto rows,
               database.Query("SELECT cursor, own_move, pushed, notice FROM feed_item WHERE institution_id = $1 AND "
                              "cursor > $2 ORDER BY cursor LIMIT $3",
                              {institution_id, cursor, limit}));
  v1::ReadFeedResponse answer;
  answer.set_next_cursor(cursor);
  for (const postgres::Row& row : rows) {
    auto& item = *answer.add_items();
    item.set_cursor(static_cast<std::uint64_t>(row.Int(0)));
    item.set_own_move(row.Bool(1));
    item.set_pushed(row.Bool(2));
    TILTS_CHECK(wire::Parse(row.BytesOf(3), *item.mutable_notice()));
    answer.set_next_cursor(item.cursor());
  }
  if (!rows.empty() || cursor == 0) return answer;
  TILTS_ASSIGN(const auto heads, Heads(database, {institution_id}));
  const auto head = heads.find(institution_id);
  if (head == heads.end() || head->second < cursor) {
    return core::Fail(core::Errc::kInvalid, "this feed never gave that cursor: begin again with 0", "CURSOR_UNKNOWN");
  }
  return answer;
}

core::Result<std::map<std::string, std::uint64_t>> FeedStore::Heads(postgres::Database& database,
                                                                    const std::vector<std::string>& institutions) {
  TILTS_ASSIGN(const auto rows, database.Query("SELECT institution_id, last_cursor FROM feed_head WHERE "
                                               "institution_id = ANY($1::text[])",
                                               {institutions}));
  std::map<std::string, std::uint64_t> heads;
  for (const postgres::Row& row : rows) heads.emplace(row.Text(0), static_cast<std::uint64_t>(row.Int(1)));
  return heads;
}

}  // namespace tilts::notification
