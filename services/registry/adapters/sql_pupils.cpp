// SqlVaultSession: pupil numbers as at a day, and statistics ids under the school year's key.
#include "registry/adapters/sql_arrays.hpp"
#include "registry/adapters/sql_vault_session.hpp"

namespace tilts::registry {
namespace {

using core::CityTime;
using core::Result;
using crypto::SecretKey;
using postgres::Bytes;
using postgres::Row;

constexpr char kReadKey[] = "SELECT wrapped_key FROM statistics_key WHERE school_year = $1";

}  // namespace

Result<std::vector<std::vector<Holding>>> SqlVaultSession::FindPupils(const std::vector<Identifier>& numbers) {
  std::vector<std::vector<Holding>> found(numbers.size());
  IdentifierArrays asked;
  for (std::size_t n = 0; n < numbers.size(); ++n) {
    for (const std::string& index : keys_.IndexesToAsk(numbers[n])) asked.Add(n, numbers[n], index);
  }
  TILTS_ASSIGN(const auto rows,
               unit().Exec("SELECT q.n, i.identifier_id, COALESCE(p.alias_of, p.person_id), i.valid_from, "
                           "i.claimed_from FROM unnest($1::int[], $2::int[], $3::text[], $4::bytea[]) "
                           "AS q (n, system, institution_id, blind_index) "
                           "JOIN person_identifier i USING (system, institution_id, blind_index) "
                           "JOIN person p ON p.person_id = i.person_id WHERE p.erased_at IS NULL",
                           asked.AsParams()));
  for (const Row row : rows) {
    found[static_cast<std::size_t>(row.Int(0))].push_back({row.Int(1), row.Text(2), row.Time(3), row.Time(4)});
  }
  return found;
}

// Under the lock two replicas make one key; the loser reads the winner's.
Result<std::optional<SecretKey>> SqlVaultSession::StatisticsKey(const std::string& school_year, CityTime now) {
  TILTS_ASSIGN(auto rows, unit().Exec(kReadKey, {school_year}));
  if (rows.empty()) {
    TILTS_CHECK(unit().Lock("statistics-key", school_year));
    TILTS_ASSIGN(rows, unit().Exec(kReadKey, {school_year}));
  }
  if (rows.empty()) {
    const SecretKey made = SecretKey::Random();
    TILTS_CHECK(
        Run("INSERT INTO statistics_key (school_year, wrapped_key, master_key_id, created_at) "
            "VALUES ($1, $2, $3, $4)",
            {school_year, Bytes{keys_.master().Wrap(made, StatisticsContext(school_year))}, keys_.master().newest().id,
             now}));
    return made;
  }
  const auto wrapped = rows.front().OptionalBytes(0);
  if (!wrapped) return std::nullopt;
  TILTS_ASSIGN(SecretKey key, keys_.master().Unwrap(*wrapped, StatisticsContext(school_year)));
  return key;
}

Result<std::vector<std::string>> SqlVaultSession::StatisticsIds(const std::string& school_year,
                                                                const std::vector<std::string>& person_ids,
                                                                CityTime now) {
  TILTS_ASSIGN(const std::optional<SecretKey> key, StatisticsKey(school_year, now));
  std::vector<std::string> ids;
  if (!key) return ids;
  for (const std::string& person_id : person_ids) ids.push_back(VaultKeys::StatisticsId(*key, person_id));
  return ids;
}

Result<bool> SqlVaultSession::DestroyStatisticsKey(const std::string& school_year, CityTime now) {
  TILTS_CHECK(unit().Lock("statistics-key", school_year));
  TILTS_ASSIGN(const auto rows,
               unit().Exec("INSERT INTO statistics_key (school_year, created_at, destroyed_at) VALUES ($1, $2, $2) "
                           "ON CONFLICT (school_year) DO UPDATE SET wrapped_key = NULL, master_key_id = NULL, "
                           "destroyed_at = $2 WHERE statistics_key.destroyed_at IS NULL RETURNING school_year",
                           {school_year, now}));
  return !rows.empty();
}

}  // namespace tilts::registry
