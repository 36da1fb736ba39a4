#include "postgres/offset_store.hpp"

#include "events/batch_processor.hpp"

namespace tilts::postgres {

core::Result<std::optional<std::int64_t>> OffsetStore::Load(UnitOfWork& unit,
                                                            const events::TopicPartition& partition) const {
  TILTS_ASSIGN(
      const Rows rows,
      unit.Exec("SELECT next_offset FROM consumer_offset WHERE consumer_group = $1 AND topic = $2 AND partition = $3",
                {group_, partition.topic, partition.partition}));
  if (rows.empty()) return std::nullopt;
  return rows.front().Int(0);
}

core::Result<std::map<events::TopicPartition, std::int64_t>> OffsetStore::LoadAll(Database& database) const {
  TILTS_ASSIGN(
      const Rows rows,
      database.Query("SELECT topic, partition, next_offset FROM consumer_offset WHERE consumer_group = $1", {group_}));
  std::map<events::TopicPartition, std::int64_t> offsets;
  for (const Row row : rows) {
    offsets.emplace(events::TopicPartition{row.Text(0), static_cast<std::int32_t>(row.Int(1))}, row.Int(2));
  }
  return offsets;
}

core::Status OffsetStore::Advance(UnitOfWork& unit, const events::TopicPartition& partition,
                                  std::optional<std::int64_t> expected, std::int64_t next) const {
  Params params = {group_, partition.topic, partition.partition, next};
  std::string_view sql =
      "INSERT INTO consumer_offset (consumer_group, topic, partition, next_offset) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT DO NOTHING";
  if (expected) {
    params.push_back(*expected);
    sql =
        "UPDATE consumer_offset SET next_offset = $4 "
        "WHERE consumer_group = $1 AND topic = $2 AND partition = $3 AND next_offset = $5";
  }
  TILTS_ASSIGN(const Rows rows, unit.Exec(sql, params));
  if (rows.affected() == 1) return {};
  return core::Fail(core::Errc::kConflict, "the partition's stored offset is another one: read the store again",
                    events::kOffsetFenced);
}

}  // namespace tilts::postgres
