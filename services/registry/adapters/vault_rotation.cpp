// Rotation of master and index keys: old rows are brought to the newest keys, a few at a time.
#include "registry/adapters/sql_vault.hpp"

namespace tilts::registry {
namespace {

using core::Result;
using postgres::Bytes;
using postgres::Row;
using postgres::UnitOfWork;

constexpr int kBatch = 200;

Result<std::size_t> RewrapBatch(UnitOfWork& unit, const VaultKeys& keys) {
  const std::string& newest = keys.master().newest().id;
  TILTS_ASSIGN(const auto rows, unit.Exec("SELECT person_id, wrapped_key FROM person WHERE wrapped_key IS NOT NULL "
                                          "AND master_key_id <> $1 LIMIT $2 FOR UPDATE SKIP LOCKED",
                                          {newest, kBatch}));
  for (const Row row : rows) {
    TILTS_ASSIGN(const std::string rewrapped, keys.master().Rewrap(row.BytesOf(1), row.Text(0)));
    TILTS_CHECK(unit.Exec("UPDATE person SET wrapped_key = $2, master_key_id = $3 WHERE person_id = $1",
                          {row.Text(0), Bytes{rewrapped}, newest}));
  }
  return rows.size();
}

Result<std::size_t> RewrapStatisticsKeys(UnitOfWork& unit, const VaultKeys& keys) {
  const std::string& newest = keys.master().newest().id;
  TILTS_ASSIGN(const auto rows,
               unit.Exec("SELECT school_year, wrapped_key FROM statistics_key WHERE wrapped_key IS NOT NULL "
                         "AND master_key_id <> $1 LIMIT $2 FOR UPDATE SKIP LOCKED",
                         {newest, kBatch}));
  for (const Row row : rows) {
    TILTS_ASSIGN(const std::string rewrapped, keys.master().Rewrap(row.BytesOf(1), StatisticsContext(row.Text(0))));
    TILTS_CHECK(unit.Exec("UPDATE statistics_key SET wrapped_key = $2, master_key_id = $3 WHERE school_year = $1",
                          {row.Text(0), Bytes{rewrapped}, newest}));
  }
  return rows.size();
}

core::Status Reindex(UnitOfWork& unit, const VaultKeys& keys, const Row& row) {
  const std::string person_id = row.Text(1);
  TILTS_ASSIGN(const crypto::PersonKey key, keys.master().Unwrap(row.BytesOf(5), person_id));
  TILTS_ASSIGN(const Identifier identifier,
               VaultKeys::OpenIdentifier(key, person_id, static_cast<IdentifierSystem>(row.Int(2)), row.Text(3),
                                         row.BytesOf(4)));
  const IndexValue index = keys.Index(identifier);
  TILTS_CHECK(unit.Exec("UPDATE person_identifier SET blind_index = $2, index_key_id = $3 WHERE identifier_id = $1",
                        {row.Int(0), Bytes{index.bytes}, index.key_id}));
  return {};
}

Result<std::size_t> ReindexBatch(UnitOfWork& unit, const VaultKeys& keys) {
  TILTS_ASSIGN(const auto rows,
               unit.Exec("SELECT i.identifier_id, i.person_id, i.system, i.institution_id, i.sealed_value, "
                         "p.wrapped_key FROM person_identifier i JOIN person p USING (person_id) "
                         "WHERE i.index_key_id <> $1 LIMIT $2 FOR UPDATE OF i SKIP LOCKED",
                         {keys.newest_index_key(), kBatch}));
  for (const Row row : rows) TILTS_CHECK(Reindex(unit, keys, row));
  return rows.size();
}

using Batch = Result<std::size_t> (*)(UnitOfWork&, const VaultKeys&);

Result<std::size_t> Drain(postgres::Database& database, const VaultKeys& keys, Batch batch) {
  std::size_t total = 0;
  for (;;) {
    TILTS_ASSIGN(const std::size_t done,
                 database.Transact([&](UnitOfWork& unit) -> Result<std::size_t> { return batch(unit, keys); }));
    if (done == 0) return total;
    total += done;
  }
}

}  // namespace

Result<RotationOutcome> RotateVaultKeys(postgres::Database& database, const VaultKeys& keys) {
  RotationOutcome outcome;
  TILTS_ASSIGN(outcome.rewrapped, Drain(database, keys, RewrapBatch));
  TILTS_ASSIGN(const std::size_t years, Drain(database, keys, RewrapStatisticsKeys));
  outcome.rewrapped += years;
  TILTS_ASSIGN(outcome.reindexed, Drain(database, keys, ReindexBatch));
  return outcome;
}

}  // namespace tilts::registry
