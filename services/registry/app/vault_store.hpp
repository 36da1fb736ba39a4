#pragma once

#include <functional>
#include <string>
#include <vector>

#include "registry/app/session.hpp"
#include "registry/domain/person.hpp"

namespace tilts::registry {

// One row of a person. Linked rows form a group with one root; the root speaks for all of them.
struct PersonRow {
  std::string person_id;
  std::string root_id;
  bool erased = false;
};

// The vault within one transaction. What goes in and out is readable; what is stored is sealed.
class VaultSession : public Session {
 public:
  // So that two reports about the same newcomer make one person.
  virtual core::Status LockIdentifiers(const std::vector<Identifier>& identifiers) = 0;
  // The root's id; empty: nobody has this identifier at that time.
  virtual core::Result<std::string> FindPerson(const Identifier& identifier, core::CityTime at) = 0;
  virtual core::Result<std::string> CreatePerson(const PersonDetails& details, core::CityTime now) = 0;
  virtual core::Status AddIdentifier(const std::string& person_id, const Identifier& identifier,
                                     core::CityTime from) = 0;
  virtual core::Result<bool> HasIdentifier(const std::string& person_id) = 0;

  // kNotFound PERSON_UNKNOWN. Locks the row.
  virtual core::Result<PersonRow> Lock(const std::string& person_id) = 0;
  // Of the row itself; kNotFound PERSON_ERASED.
  virtual core::Result<PersonDetails> ReadDetails(const std::string& person_id) = 0;
  virtual core::Status SaveDetails(const std::string& person_id, const PersonDetails& details) = 0;

  virtual core::Status AddSource(const std::string& person_id, const std::string& institution_id) = 0;
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
};

class VaultStore {
 public:
  using Session = VaultSession;
  virtual ~VaultStore() = default;
  virtual core::Status Transact(const std::function<core::Status(VaultSession&)>& work) = 0;
};

}  // namespace tilts::registry
