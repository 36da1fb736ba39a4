#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "registry/app/session.hpp"
#include "registry/domain/number_holding.hpp"
#include "registry/domain/person.hpp"

namespace tilts::registry {

// One row of a person. Linked rows form a group with one root; the root speaks for all of them.
struct PersonRow {
  std::string person_id;
  std::string root_id;
  bool erased = false;
};

// Who has an identifier. `number` is its keyed form: the same however it was written.
struct FoundIdentifier {
  std::string number;
  std::vector<Holding> holdings;
};

struct KnownPerson {
  PersonDetails details;
  bool has_national_code = false;
  bool identified = false;  // has any identifier
};

struct PersonToSave {
  std::string person_id;
  PersonDetails details;
};

struct IdentifierToAdd {
  std::string person_id;
  Identifier identifier;
  Claim claim;
};

// The vault within one transaction. What goes in and out is readable; what is stored is sealed.
class VaultSession : public Session {
 public:
  // So that two reports about the same newcomer make one person.
  virtual core::Status LockIdentifiers(const std::vector<Identifier>& identifiers) = 0;
  // Of each identifier, in one statement; locks whom it finds.
  virtual core::Result<std::vector<FoundIdentifier>> FindHoldings(const std::vector<Identifier>& identifiers) = 0;
  // The roots by id, locked. kNotFound PERSON_ERASED.
  virtual core::Result<std::map<std::string, KnownPerson>> ReadPersons(const std::vector<std::string>& roots) = 0;
  virtual std::string NewPersonId() = 0;
  // One statement each, however many there are.
  virtual core::Status CreatePersons(const std::vector<PersonToSave>& persons, core::CityTime now) = 0;
  virtual core::Status SaveDetails(const std::vector<PersonToSave>& persons) = 0;
  virtual core::Status AddIdentifiers(const std::vector<IdentifierToAdd>& identifiers, core::CityTime claimed) = 0;
  // The holders are known to have had their numbers already then.
  virtual core::Status LowerClaims(const std::vector<std::int64_t>& rows, core::CityTime claimed) = 0;
  virtual core::Status AddSources(const std::vector<std::string>& person_ids, const std::string& institution_id) = 0;

  // kNotFound PERSON_UNKNOWN. Locks the row.
  virtual core::Result<PersonRow> Lock(const std::string& person_id) = 0;
  // Of the row itself; kNotFound PERSON_ERASED.
  virtual core::Result<PersonDetails> ReadDetails(const std::string& person_id) = 0;

  // Did the institution bring any row of the group?
  virtual core::Result<bool> IsSource(const std::string& root_id, const std::string& institution_id) = 0;

  // The whole group of `alias_root` joins `root`.
  virtual core::Status MakeAlias(const std::string& alias_root, const std::string& root) = 0;
  // Destroys keys, details and identifiers of the whole group; returns the ids of its rows.
  virtual core::Result<std::vector<std::string>> Erase(const std::string& root, const std::string& basis,
                                                       core::CityTime now) = 0;

  // kNotFound PERSON_UNKNOWN or PERSON_ERASED.
  virtual core::Result<std::vector<std::string>> WrapKeys(const std::string& person_id,
                                                          const std::vector<std::string>& keys) = 0;
  virtual core::Result<std::vector<std::string>> UnwrapKeys(const std::string& person_id,
                                                            const std::vector<std::string>& wrapped) = 0;

  // Of each pupil number of the institution, in one statement and without a lock.
  virtual core::Result<std::vector<std::vector<Holding>>> FindPupils(const std::vector<Identifier>& numbers) = 0;
  // 32 hex digits under the year's key for each person, none after it was destroyed. The key is made at first use.
  virtual core::Result<std::vector<std::string>> StatisticsIds(const std::string& school_year,
                                                               const std::vector<std::string>& person_ids,
                                                               core::CityTime now) = 0;
  // For ever. Also a year whose key was never made gets none later. False: it was destroyed before.
  virtual core::Result<bool> DestroyStatisticsKey(const std::string& school_year, core::CityTime now) = 0;
};

class VaultStore {
 public:
  using Session = VaultSession;
  virtual ~VaultStore() = default;
  virtual core::Status Transact(const std::function<core::Status(VaultSession&)>& work) = 0;
};

}  // namespace tilts::registry
