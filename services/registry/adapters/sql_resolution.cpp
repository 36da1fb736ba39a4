// SqlVaultSession: finding and making persons, however many, in one statement each.
#include <algorithm>
#include <set>

#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "registry/adapters/sql_arrays.hpp"
#include "registry/adapters/sql_vault_session.hpp"

namespace tilts::registry {

using core::CityTime;
using core::Result;
using crypto::PersonKey;
using postgres::Row;

// Locks are taken by a few hexadecimal digits of the identifier, so that rosters of several schools at once stay within
// the server's lock table. In one order for everybody: two reports wait for each other instead of deadlocking.
core::Status SqlVaultSession::LockIdentifiers(const std::vector<Identifier>& identifiers) {
  constexpr std::size_t kDigits = 3;
  std::set<std::string> locks;
  for (const Identifier& identifier : identifiers) {
    locks.insert(crypto::ToHex(keys_.Index(identifier).bytes).substr(0, kDigits));
  }
  if (locks.empty()) return {};
  return Run(
      "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/person-identifier/' || l, 0)) "
      "FROM unnest($1::text[]) AS l",
      {std::vector<std::string>(locks.begin(), locks.end())});
}

Result<std::vector<FoundIdentifier>> SqlVaultSession::FindHoldings(const std::vector<Identifier>& identifiers) {
  std::vector<FoundIdentifier> found;
  IdentifierArrays asked;
  for (const Identifier& identifier : identifiers) {
    for (const std::string& index : keys_.IndexesToAsk(identifier)) asked.Add(found.size(), identifier, index);
    found.push_back({keys_.Index(identifier).bytes, {}});
  }
  if (found.empty()) return found;
  TILTS_ASSIGN(const auto rows,
               unit().Exec("SELECT q.n, i.identifier_id, COALESCE(p.alias_of, p.person_id), i.valid_from, "
                           "i.claimed_from FROM unnest($1::int[], $2::int[], $3::text[], $4::bytea[]) "
                           "AS q (n, system, institution_id, blind_index) "
                           "JOIN person_identifier i USING (system, institution_id, blind_index) "
                           "JOIN person p ON p.person_id = i.person_id ORDER BY p.person_id FOR UPDATE OF p",
                           asked.AsParams()));
  for (const Row row : rows) {
    found[static_cast<std::size_t>(row.Int(0))].holdings.push_back({row.Int(1), row.Text(2), row.Time(3), row.Time(4)});
  }
  return found;
}

Result<std::map<std::string, KnownPerson>> SqlVaultSession::ReadPersons(const std::vector<std::string>& roots) {
  std::map<std::string, KnownPerson> known;
  if (roots.empty()) return known;
  TILTS_ASSIGN(
      const auto rows,
      unit().Exec("SELECT p.person_id, p.wrapped_key, p.details, COALESCE(k.coded, false), k.identified "
                  "FROM person p LEFT JOIN LATERAL (SELECT bool_or(i.system = $2) AS coded, count(*) > 0 AS identified "
                  "FROM person g JOIN person_identifier i ON i.person_id = g.person_id "
                  "WHERE g.person_id = p.person_id OR g.alias_of = p.person_id) k ON true "
                  "WHERE p.person_id = ANY($1::text[]) ORDER BY p.person_id FOR UPDATE OF p",
                  {roots, static_cast<int>(IdentifierSystem::kNationalCode)}));
  for (const Row row : rows) {
    const std::string person_id = row.Text(0);
    const auto wrapped = row.OptionalBytes(1);
    if (!wrapped) return core::Fail(core::Errc::kNotFound, "the person was erased", "PERSON_ERASED");
    TILTS_ASSIGN(PersonKey key, keys_.master().Unwrap(*wrapped, person_id));
    TILTS_ASSIGN(PersonDetails details, VaultKeys::OpenDetails(key, person_id, row.BytesOf(2)));
    known[person_id] = {std::move(details), row.Bool(3), row.Bool(4)};
    person_keys_.insert_or_assign(person_id, std::move(key));
  }
  return known;
}

std::string SqlVaultSession::NewPersonId() {
  return crypto::RandomId();
}

core::Status SqlVaultSession::CreatePersons(const std::vector<PersonToSave>& persons, CityTime now) {
  std::vector<std::string> ids;
  std::vector<std::string> wrapped;
  std::vector<std::string> details;
  for (const PersonToSave& person : persons) {
    const PersonKey key = PersonKey::Random();
    ids.push_back(person.person_id);
    wrapped.push_back(ArrayBytes(keys_.master().Wrap(key, person.person_id)));
    details.push_back(ArrayBytes(VaultKeys::SealDetails(key, person.person_id, person.details)));
    person_keys_.insert_or_assign(person.person_id, key);
  }
  return Run(
      "INSERT INTO person (person_id, wrapped_key, master_key_id, details, created_at) "
      "SELECT q.person_id, q.wrapped_key, $4, q.details, $5::timestamptz "
      "FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS q (person_id, wrapped_key, details)",
      {ids, wrapped, details, keys_.master().newest().id, now});
}

core::Status SqlVaultSession::SaveDetails(const std::vector<PersonToSave>& persons) {
  std::vector<std::string> ids;
  std::vector<std::string> details;
  for (const PersonToSave& person : persons) {
    TILTS_ASSIGN(const PersonKey key, KeyOf(person.person_id));
    ids.push_back(person.person_id);
    details.push_back(ArrayBytes(VaultKeys::SealDetails(key, person.person_id, person.details)));
  }
  return Run(
      "UPDATE person p SET details = q.details FROM unnest($1::text[], $2::bytea[]) AS q (person_id, details) "
      "WHERE p.person_id = q.person_id",
      {ids, details});
}

core::Status SqlVaultSession::AddIdentifiers(const std::vector<IdentifierToAdd>& identifiers, CityTime claimed) {
  IdentifierArrays added;
  std::vector<std::string> persons;
  std::vector<std::string> sealed;
  std::vector<std::string> always;
  std::vector<std::int64_t> replaced;
  std::vector<std::int64_t> narrowed;
  for (const IdentifierToAdd& one : identifiers) {
    TILTS_ASSIGN(const PersonKey key, KeyOf(one.person_id));
    added.Add(persons.size(), one.identifier, keys_.Index(one.identifier).bytes);
    persons.push_back(one.person_id);
    sealed.push_back(ArrayBytes(VaultKeys::SealIdentifier(key, one.person_id, one.identifier)));
    always.push_back(one.claim.from == kSinceEver ? "t" : "f");
    replaced.insert(replaced.end(), one.claim.replaced.begin(), one.claim.replaced.end());
    if (one.claim.narrowed) narrowed.push_back(*one.claim.narrowed);
  }
  if (!replaced.empty()) {
    TILTS_CHECK(Run("DELETE FROM person_identifier WHERE identifier_id = ANY($1::bigint[])", {replaced}));
  }
  if (!narrowed.empty()) {
    TILTS_CHECK(Run("UPDATE person_identifier SET valid_from = claimed_from WHERE identifier_id = ANY($1::bigint[])",
                    {narrowed}));
  }
  postgres::Params params = added.AsParams();
  params.insert(params.end(), {persons, sealed, always, keys_.newest_index_key(), claimed, kSinceEver});
  return Run(
      "INSERT INTO person_identifier (person_id, system, institution_id, blind_index, index_key_id, sealed_value, "
      "valid_from, claimed_from) SELECT q.person_id, q.system, q.institution_id, q.blind_index, $8, q.sealed_value, "
      "CASE WHEN q.always THEN $10::timestamptz ELSE $9::timestamptz END, $9::timestamptz "
      "FROM unnest($1::int[], $2::int[], $3::text[], $4::bytea[], $5::text[], $6::bytea[], $7::bool[]) "
      "AS q (n, system, institution_id, blind_index, person_id, sealed_value, always) ON CONFLICT DO NOTHING",
      params);
}

core::Status SqlVaultSession::LowerClaims(const std::vector<std::int64_t>& rows, CityTime claimed) {
  return Run(
      "UPDATE person_identifier SET claimed_from = LEAST(claimed_from, $2) WHERE identifier_id = ANY($1::bigint[])",
      {rows, claimed});
}

core::Status SqlVaultSession::AddSources(const std::vector<std::string>& person_ids,
                                         const std::string& institution_id) {
  return Run(
      "INSERT INTO person_source (person_id, institution_id) SELECT p, $2 FROM unnest($1::text[]) AS p "
      "ON CONFLICT DO NOTHING",
      {person_ids, institution_id});
}

}  // namespace tilts::registry
