#include "audit/adapters/chain_store.hpp"

namespace tilts::audit {
namespace {

using postgres::Bytes;
using postgres::Row;

constexpr char kHeadColumns[] =
    "SELECT chain_id, head_sequence, head_hash, caller_records, system_records, checkpoint_sequence FROM chain ";

ChainHead ReadHead(const Row& row) {
  return {row.Text(0),
          static_cast<std::uint64_t>(row.Int(1)),
          row.BytesOf(2),
          static_cast<std::uint64_t>(row.Int(3)),
          static_cast<std::uint64_t>(row.Int(4)),
          static_cast<std::uint64_t>(row.Int(5))};
}

std::vector<ChainHead> ReadHeads(const postgres::Rows& rows) {
  std::vector<ChainHead> heads;
  for (const Row row : rows) heads.push_back(ReadHead(row));
  return heads;
}

core::Result<ChainHead> LockHead(postgres::UnitOfWork& unit, const std::string& chain_id) {
  constexpr char kLock[] =
      "SELECT chain_id, head_sequence, head_hash, caller_records, system_records, checkpoint_sequence FROM chain "
      "WHERE chain_id = $1 FOR UPDATE";
  TILTS_ASSIGN(postgres::Rows rows, unit.Exec(kLock, {chain_id}));
  if (rows.empty()) {
    TILTS_CHECK(unit.Exec("INSERT INTO chain (chain_id, head_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                          {chain_id, Bytes{audit_chain::FirstPreviousHash()}}));
    TILTS_ASSIGN(rows, unit.Exec(kLock, {chain_id}));
  }
  if (rows.empty()) return core::Fail(core::Errc::kConflict, "the chain's row vanished", "CHAIN_ROW");
  return ReadHead(rows.front());
}

}  // namespace

core::Result<bool> ChainStore::Append(postgres::UnitOfWork& unit, const NewRecord& record) {
  TILTS_ASSIGN(const ChainHead head, LockHead(unit, record.chain_id));
  const std::uint64_t sequence = head.sequence + 1;
  const std::string hash = audit_chain::EntryHash(head.hash, sequence, record.record);
  TILTS_ASSIGN(
      const postgres::Rows added,
      unit.Exec("INSERT INTO entry (chain_id, sequence, previous_hash, hash, event_id, record) "
                "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (event_id) DO NOTHING",
                {record.chain_id, sequence, Bytes{head.hash}, Bytes{hash}, record.event_id, Bytes{record.record}}));
  if (added.affected() == 0) return false;
  TILTS_CHECK(
      unit.Exec("UPDATE chain SET head_sequence = $2, head_hash = $3, caller_records = caller_records + $4, "
                "system_records = system_records + $5 WHERE chain_id = $1",
                {record.chain_id, sequence, Bytes{hash}, record.system ? 0 : 1, record.system ? 1 : 0}));
  return true;
}

core::Status ChainStore::SaveCheckpoint(postgres::UnitOfWork& unit, const audit_chain::Checkpoint& checkpoint) {
  TILTS_CHECK(
      unit.Exec("INSERT INTO checkpoint (chain_id, sequence, hash, at, key_id, signature) "
                "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                {checkpoint.chain_id, checkpoint.sequence, Bytes{checkpoint.hash}, checkpoint.at, checkpoint.key_id,
                 Bytes{checkpoint.signature}}));
  TILTS_CHECK(unit.Exec("UPDATE chain SET checkpoint_sequence = greatest(checkpoint_sequence, $2) WHERE chain_id = $1",
                        {checkpoint.chain_id, checkpoint.sequence}));
  return {};
}

core::Result<std::vector<ChainHead>> ChainStore::UnsignedHeads(postgres::UnitOfWork& unit) {
  TILTS_ASSIGN(const postgres::Rows rows,
               unit.Exec(std::string(kHeadColumns) + "WHERE head_sequence > checkpoint_sequence ORDER BY chain_id"));
  return ReadHeads(rows);
}

core::Result<std::vector<ChainHead>> ChainStore::Heads() {
  TILTS_ASSIGN(const postgres::Rows rows, database_.Query(std::string(kHeadColumns) + "ORDER BY chain_id"));
  return ReadHeads(rows);
}

core::Result<std::vector<audit_chain::Entry>> ChainStore::EntriesAfter(const std::string& chain_id, std::uint64_t after,
                                                                       std::uint32_t limit) {
  TILTS_ASSIGN(const postgres::Rows rows,
               database_.Query("SELECT sequence, previous_hash, hash, record FROM entry "
                               "WHERE chain_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
                               {chain_id, after, limit}));
  std::vector<audit_chain::Entry> entries;
  for (const Row row : rows) {
    entries.push_back(
        {chain_id, static_cast<std::uint64_t>(row.Int(0)), row.BytesOf(1), row.BytesOf(2), row.BytesOf(3)});
  }
  return entries;
}

core::Result<std::vector<audit_chain::Checkpoint>> ChainStore::Checkpoints(const std::string& chain_id) {
  TILTS_ASSIGN(const postgres::Rows rows,
               database_.Query("SELECT chain_id, sequence, hash, at, key_id, signature FROM checkpoint "
                               "WHERE $1 = '' OR chain_id = $1 ORDER BY chain_id, sequence",
                               {chain_id}));
  std::vector<audit_chain::Checkpoint> checkpoints;
  for (const Row row : rows) {
    checkpoints.push_back({row.Text(0), static_cast<std::uint64_t>(row.Int(1)), row.BytesOf(2), row.Time(3),
                           row.Text(4), row.BytesOf(5)});
  }
  return checkpoints;
}

}  // namespace tilts::audit
