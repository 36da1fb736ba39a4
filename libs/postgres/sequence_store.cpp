#include "postgres/sequence_store.hpp"

namespace tilts::postgres {

core::Result<bool> SequenceStore::Advance(UnitOfWork& unit, const std::string& source, const std::string& aggregate_id,
                                          std::uint64_t sequence) const {
  TILTS_ASSIGN(const Rows rows,
               unit.Exec("INSERT INTO consumed_sequence AS stored (consumer_group, source, aggregate_id, sequence) "
                         "VALUES ($1, $2, $3, $4) ON CONFLICT (consumer_group, source, aggregate_id) "
                         "DO UPDATE SET sequence = excluded.sequence WHERE stored.sequence < excluded.sequence",
                         {group_, source, aggregate_id, sequence}));
  return rows.affected() == 1;
}

core::Result<SequenceStore::Sequences> SequenceStore::Load(UnitOfWork& unit,
                                                           const std::vector<std::string>& aggregate_ids) const {
  Sequences sequences;
  if (aggregate_ids.empty()) return sequences;
  TILTS_ASSIGN(const Rows rows, unit.Exec("SELECT source, aggregate_id, sequence FROM consumed_sequence "
                                          "WHERE consumer_group = $1 AND aggregate_id = ANY($2::text[])",
                                          {group_, aggregate_ids}));
  for (const Row row : rows) {
    sequences[{row.Text(0), row.Text(1)}] = static_cast<std::uint64_t>(row.Int(2));
  }
  return sequences;
}

core::Status SequenceStore::Save(UnitOfWork& unit, const Sequences& sequences) const {
  if (sequences.empty()) return {};
  std::vector<std::string> sources;
  std::vector<std::string> aggregates;
  std::vector<std::int64_t> numbers;
  for (const auto& [key, sequence] : sequences) {
    sources.push_back(key.first);
    aggregates.push_back(key.second);
    numbers.push_back(static_cast<std::int64_t>(sequence));
  }
  TILTS_CHECK(
      unit.Exec("INSERT INTO consumed_sequence AS stored (consumer_group, source, aggregate_id, sequence) "
                "SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[]) "
                "ON CONFLICT (consumer_group, source, aggregate_id) "
                "DO UPDATE SET sequence = GREATEST(stored.sequence, excluded.sequence)",
                {group_, sources, aggregates, numbers}));
  return {};
}

}  // namespace tilts::postgres
