#include "registry/adapters/sql_vault.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "registry/adapters/sql_session.hpp"

namespace tilts::registry {
namespace {

using core::CityTime;
using core::Errc;
using core::Fail;
using core::Result;
using crypto::PersonKey;
using postgres::Bytes;
using postgres::Row;

// A number nobody had before is taken to have belonged to its person always: facts arrive late.
constexpr CityTime kSinceEver{};

tl::unexpected<core::Error> Unknown() {
  return Fail(Errc::kNotFound, "no person has this id", "PERSON_UNKNOWN");
}

class SqlVaultSession : public SqlSession<VaultSession> {
 public:
  SqlVaultSession(postgres::UnitOfWork& unit, const postgres::Idempotency& idempotency, const VaultKeys& keys)
      : SqlSession(unit, idempotency), keys_(keys) {}

  // In one order for everybody, so that two reports wait for each other instead of deadlocking.
  core::Status LockIdentifiers(const std::vector<Identifier>& identifiers) override {
    std::vector<std::string> locks;
    for (const Identifier& identifier : identifiers) locks.push_back(crypto::ToHex(keys_.Index(identifier).bytes));
    std::ranges::sort(locks);
    const auto repeated = std::ranges::unique(locks);
    locks.erase(repeated.begin(), repeated.end());
    for (const std::string& lock : locks) TILTS_CHECK(unit().Lock("person-identifier", lock));
    return {};
  }

  Result<std::string> FindPerson(const Identifier& identifier, CityTime at) override {
    for (const std::string& index : keys_.IndexesToAsk(identifier)) {
      TILTS_ASSIGN(const auto rows,
                   unit().Exec("SELECT COALESCE(p.alias_of, p.person_id) FROM person_identifier i "
                               "JOIN person p USING (person_id) WHERE i.system = $1 AND i.institution_id = $2 "
                               "AND i.blind_index = $3 AND i.valid_from <= $4 "
                               "AND (i.valid_to IS NULL OR i.valid_to > $4) FOR UPDATE OF p",
                               {static_cast<int>(identifier.system), identifier.institution_id, Bytes{index}, at}));
      if (!rows.empty()) return rows.front().Text(0);
    }
    return std::string();
  }

  Result<std::string> CreatePerson(const PersonDetails& details, CityTime now) override {
    const std::string person_id = crypto::RandomId();
    const PersonKey key = PersonKey::Random();
    TILTS_CHECK(
        Run("INSERT INTO person (person_id, wrapped_key, master_key_id, details, created_at) "
            "VALUES ($1, $2, $3, $4, $5)",
            {person_id, Bytes{keys_.master().Wrap(key, person_id)}, keys_.master().newest().id,
             Bytes{VaultKeys::SealDetails(key, person_id, details)}, now}));
    return person_id;
  }

  core::Status AddIdentifier(const std::string& person_id, const Identifier& identifier, CityTime from) override {
    TILTS_ASSIGN(const PersonKey key, KeyOf(person_id));
    const IndexValue index = keys_.Index(identifier);
    // Somebody had it at another time: then it begins now, else it always was this person's.
    return Run(
        "INSERT INTO person_identifier (person_id, system, institution_id, blind_index, index_key_id, "
        "sealed_value, valid_from) SELECT $1, $2, $3, $4, $5, $6, CASE WHEN EXISTS "
        "(SELECT 1 FROM person_identifier WHERE system = $2 AND institution_id = $3 AND blind_index = $4) "
        "THEN $7::timestamptz ELSE $8::timestamptz END ON CONFLICT DO NOTHING",
        {person_id, static_cast<int>(identifier.system), identifier.institution_id, Bytes{index.bytes}, index.key_id,
         Bytes{VaultKeys::SealIdentifier(key, person_id, identifier)}, from, kSinceEver});
  }

  Result<bool> HasIdentifier(const std::string& person_id) override {
    TILTS_ASSIGN(const auto rows,
                 unit().Exec("SELECT EXISTS (SELECT 1 FROM person_identifier i JOIN person p USING (person_id) "
                             "WHERE COALESCE(p.alias_of, p.person_id) = $1)",
                             {person_id}));
    return rows.front().Bool(0);
  }

  Result<PersonRow> Lock(const std::string& person_id) override {
    TILTS_ASSIGN(const auto rows, unit().Exec("SELECT COALESCE(alias_of, person_id), erased_at IS NOT NULL "
                                              "FROM person WHERE person_id = $1 FOR UPDATE",
                                              {person_id}));
    if (rows.empty()) return Unknown();
    return PersonRow{person_id, rows.front().Text(0), rows.front().Bool(1)};
  }

  Result<PersonDetails> ReadDetails(const std::string& person_id) override {
    TILTS_ASSIGN(const PersonKey key, KeyOf(person_id));
    TILTS_ASSIGN(const auto rows, unit().Exec("SELECT details FROM person WHERE person_id = $1", {person_id}));
    return VaultKeys::OpenDetails(key, person_id, rows.front().BytesOf(0));
  }

  core::Status SaveDetails(const std::string& person_id, const PersonDetails& details) override {
    TILTS_ASSIGN(const PersonKey key, KeyOf(person_id));
    return Run("UPDATE person SET details = $2 WHERE person_id = $1",
               {person_id, Bytes{VaultKeys::SealDetails(key, person_id, details)}});
  }

  core::Status AddSource(const std::string& person_id, const std::string& institution_id) override {
    return Run("INSERT INTO person_source (person_id, institution_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
               {person_id, institution_id});
  }

  Result<bool> IsSource(const std::string& root_id, const std::string& institution_id) override {
    TILTS_ASSIGN(const auto rows,
                 unit().Exec("SELECT EXISTS (SELECT 1 FROM person_source s JOIN person p USING (person_id) "
                             "WHERE COALESCE(p.alias_of, p.person_id) = $1 AND s.institution_id = $2)",
                             {root_id, institution_id}));
    return rows.front().Bool(0);
  }

  core::Status MakeAlias(const std::string& alias_root, const std::string& root) override {
    return Run("UPDATE person SET alias_of = $2 WHERE person_id = $1 OR alias_of = $1", {alias_root, root});
  }

  Result<std::vector<std::string>> Erase(const std::string& root, const std::string& basis, CityTime now) override {
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

  Result<std::vector<std::string>> WrapKeys(const std::string& person_id,
                                            const std::vector<std::string>& keys) override {
    TILTS_ASSIGN(const PersonKey key, KeyOf(person_id));
    std::vector<std::string> wrapped;
    for (const std::string& one : keys) wrapped.push_back(VaultKeys::WrapKey(key, person_id, one));
    return wrapped;
  }

  Result<std::vector<std::string>> UnwrapKeys(const std::string& person_id,
                                              const std::vector<std::string>& wrapped) override {
    TILTS_ASSIGN(const PersonKey key, KeyOf(person_id));
    std::vector<std::string> keys;
    for (const std::string& one : wrapped) {
      TILTS_ASSIGN(std::string bytes, VaultKeys::UnwrapKey(key, person_id, one));
      keys.push_back(std::move(bytes));
    }
    return keys;
  }

 private:
  Result<PersonKey> KeyOf(const std::string& person_id) {
    TILTS_ASSIGN(const auto rows, unit().Exec("SELECT wrapped_key FROM person WHERE person_id = $1", {person_id}));
    if (rows.empty()) return Unknown();
    const auto wrapped = rows.front().OptionalBytes(0);
    if (!wrapped) return Fail(Errc::kNotFound, "the person was erased", "PERSON_ERASED");
    return keys_.master().Unwrap(*wrapped, person_id);
  }

  const VaultKeys& keys_;
};

}  // namespace

core::Status SqlVault::Transact(const std::function<core::Status(VaultSession&)>& work) {
  return database_.Transact([&](postgres::UnitOfWork& unit) -> core::Status {
    SqlVaultSession session(unit, idempotency_, keys_);
    return work(session);
  });
}

}  // namespace tilts::registry
