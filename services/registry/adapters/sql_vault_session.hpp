#pragma once

#include <map>

#include "registry/adapters/sql_session.hpp"
#include "registry/adapters/vault_keys.hpp"
#include "registry/app/vault_store.hpp"

namespace tilts::registry {

// VaultSession over one transaction. Keys of persons that were read or made stay with it until it ends.
class SqlVaultSession : public SqlSession<VaultSession> {
 public:
  SqlVaultSession(postgres::UnitOfWork& unit, const postgres::Idempotency& idempotency, const VaultKeys& keys)
      : SqlSession(unit, idempotency), keys_(keys) {}

  // sql_resolution.cpp: finding and making persons.
  core::Status LockIdentifiers(const std::vector<Identifier>& identifiers) override;
  core::Result<std::vector<FoundIdentifier>> FindHoldings(const std::vector<Identifier>& identifiers) override;
  core::Result<std::map<std::string, KnownPerson>> ReadPersons(const std::vector<std::string>& roots) override;
  std::string NewPersonId() override;
  core::Status CreatePersons(const std::vector<PersonToSave>& persons, core::CityTime now) override;
  core::Status SaveDetails(const std::vector<PersonToSave>& persons) override;
  core::Status AddIdentifiers(const std::vector<IdentifierToAdd>& identifiers, core::CityTime claimed) override;
  core::Status LowerClaims(const std::vector<std::int64_t>& rows, core::CityTime claimed) override;
  core::Status AddSources(const std::vector<std::string>& person_ids, const std::string& institution_id) override;

  // sql_vault.cpp: one person.
  core::Result<PersonRow> Lock(const std::string& person_id) override;
  core::Result<PersonDetails> ReadDetails(const std::string& person_id) override;
  core::Result<bool> IsSource(const std::string& root_id, const std::string& institution_id) override;
  core::Status MakeAlias(const std::string& alias_root, const std::string& root) override;
  core::Result<std::vector<std::string>> Erase(const std::string& root, const std::string& basis,
                                               core::CityTime now) override;
  core::Result<std::vector<std::string>> WrapKeys(const std::string& person_id,
                                                  const std::vector<std::string>& keys) override;
  core::Result<std::vector<std::string>> UnwrapKeys(const std::string& person_id,
                                                    const std::vector<std::string>& wrapped) override;

  // sql_pupils.cpp: pupil numbers and statistics ids.
  core::Result<std::vector<std::vector<Holding>>> FindPupils(const std::vector<Identifier>& numbers) override;
  core::Result<std::vector<std::string>> StatisticsIds(const std::string& school_year,
                                                       const std::vector<std::string>& person_ids,
                                                       core::CityTime now) override;
  core::Result<bool> DestroyStatisticsKey(const std::string& school_year, core::CityTime now) override;

 private:
  core::Result<crypto::PersonKey> KeyOf(const std::string& person_id);
  core::Result<std::optional<crypto::SecretKey>> StatisticsKey(const std::string& school_year, core::CityTime now);

  const VaultKeys& keys_;
  std::map<std::string, crypto::PersonKey> person_keys_;
};

}  // namespace tilts::registry
