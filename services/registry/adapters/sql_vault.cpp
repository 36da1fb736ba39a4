#include "registry/adapters/sql_vault.hpp"

#include "registry/adapters/sql_vault_session.hpp"

namespace tilts::registry {
namespace {

using core::CityTime;
using core::Errc;
using core::Fail;
using core::Result;
using crypto::PersonKey;
using postgres::Row;

tl::unexpected<core::Error> Unknown() {
  return Fail(Errc::kNotFound, "no person has this id", "PERSON_UNKNOWN");
}

}  // namespace

Result<PersonRow> SqlVaultSession::Lock(const std::string& person_id) {
  TILTS_ASSIGN(const auto rows, unit().Exec("SELECT COALESCE(alias_of, person_id), erased_at IS NOT NULL "
                                            "FROM person WHERE person_id = $1 FOR UPDATE",
                                            {person_id}));
  if (rows.empty()) return Unknown();
  return PersonRow{person_id, rows.front().Text(0), rows.front().Bool(1)};
}

Result<PersonDetails> SqlVaultSession::ReadDetails(const std::string& person_id) {
  TILTS_ASSIGN(const PersonKey key, KeyOf(person_id));
  TILTS_ASSIGN(const auto rows, unit().Exec("SELECT details FROM person WHERE person_id = $1", {person_id}));
  return VaultKeys::OpenDetails(key, person_id, rows.front().BytesOf(0));
}

Result<bool> SqlVaultSession::IsSource(const std::string& root_id, const std::string& institution_id) {
  TILTS_ASSIGN(const auto rows,
               unit().Exec("SELECT EXISTS (SELECT 1 FROM person_source s JOIN person p USING (person_id) "
                           "WHERE COALESCE(p.alias_of, p.person_id) = $1 AND s.institution_id = $2)",
                           {root_id, institution_id}));
  return rows.front().Bool(0);
}

core::Status SqlVaultSession::MakeAlias(const std::string& alias_root, const std::string& root) {
  return Run("UPDATE person SET alias_of = $2 WHERE person_id = $1 OR alias_of = $1", {alias_root, root});
}

Result<std::vector<std::string>> SqlVaultSession::Erase(const std::string& root, const std::string& basis,
                                                        CityTime now) {
  TILTS_CHECK(
      Run("DELETE FROM person_identifier i USING person p WHERE p.person_id = i.person_id "
          "AND COALESCE(p.alias_of, p.person_id) = $1",
          {root}));
  TILTS_CHECK(
      Run("DELETE FROM person_source s USING person p WHERE p.person_id = s.person_id "
          "AND COALESCE(p.alias_of, p.person_id) = $1",
          {root}));
  TILTS_ASSIGN(const auto rows,
               unit().Exec("UPDATE person SET wrapped_key = NULL, master_key_id = NULL, details = NULL, "
                           "erased_at = $2, erasure_basis = $3 WHERE person_id = $1 OR alias_of = $1 "
                           "RETURNING person_id",
                           {root, now, basis}));
  std::vector<std::string> erased;
  for (const Row row : rows) erased.push_back(row.Text(0));
  return erased;
}

Result<std::vector<std::string>> SqlVaultSession::WrapKeys(const std::string& person_id,
                                                           const std::vector<std::string>& keys) {
  TILTS_ASSIGN(const PersonKey key, KeyOf(person_id));
  std::vector<std::string> wrapped;
  for (const std::string& one : keys) wrapped.push_back(VaultKeys::WrapKey(key, person_id, one));
  return wrapped;
}

Result<std::vector<std::string>> SqlVaultSession::UnwrapKeys(const std::string& person_id,
                                                             const std::vector<std::string>& wrapped) {
  TILTS_ASSIGN(const PersonKey key, KeyOf(person_id));
  std::vector<std::string> keys;
  for (const std::string& one : wrapped) {
    TILTS_ASSIGN(std::string bytes, VaultKeys::UnwrapKey(key, person_id, one));
    keys.push_back(std::move(bytes));
  }
  return keys;
}

Result<PersonKey> SqlVaultSession::KeyOf(const std::string& person_id) {
  if (const auto known = person_keys_.find(person_id); known != person_keys_.end()) return known->second;
  TILTS_ASSIGN(const auto rows, unit().Exec("SELECT wrapped_key FROM person WHERE person_id = $1", {person_id}));
  if (rows.empty()) return Unknown();
  const auto wrapped = rows.front().OptionalBytes(0);
  if (!wrapped) return Fail(Errc::kNotFound, "the person was erased", "PERSON_ERASED");
  return keys_.master().Unwrap(*wrapped, person_id);
}

core::Status SqlVault::Transact(const std::function<core::Status(VaultSession&)>& work) {
  return database_.Transact([&](postgres::UnitOfWork& unit) -> core::Status {
    SqlVaultSession session(unit, idempotency_, keys_);
    return work(session);
  });
}

}  // namespace tilts::registry
