#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "registry/app/session.hpp"
#include "registry/domain/grants.hpp"
#include "registry/domain/institution.hpp"

namespace tilts::registry {

struct StoredInstitution {
  Institution institution;
  bool seeded = false;  // nobody has changed it since it came from the seed file
};

// The register of institutions, clients and grants, within one transaction.
class RegisterSession : public Session {
 public:
  virtual core::Result<std::uint64_t> Version() = 0;
  // Also lets changes happen one after the other.
  virtual core::Status RaiseVersion() = 0;

  // In the order of their ids, after `after`; kind 0: all.
  virtual core::Result<std::vector<Institution>> ListInstitutions(int kind, const std::string& after,
                                                                  std::size_t limit) = 0;
  virtual core::Result<std::optional<StoredInstitution>> FindInstitution(const std::string& institution_id) = 0;
  // Institutions and successors; the caller adds the calendars.
  virtual core::Result<Surroundings> ReadSurroundings() = 0;
  virtual core::Status SaveInstitution(const Institution& institution, bool seeded) = 0;
  virtual core::Result<std::vector<std::string>> OperatorIds() = 0;

  virtual core::Status CreateClient(const std::string& client_id, const std::string& name, core::CityTime now) = 0;
  // Locks the client. kNotFound CLIENT_UNKNOWN.
  virtual core::Status LockClient(const std::string& client_id) = 0;
  // Not revoked ones, of one client or (empty) of all.
  virtual core::Result<std::vector<Credential>> ListCredentials(const std::string& client_id) = 0;
  virtual core::Status AddCredential(const Credential& credential) = 0;
  virtual core::Result<std::vector<Grant>> ListGrants() = 0;
  virtual core::Status AddGrant(const Grant& grant) = 0;
  // kNotFound when the client has no such credential or grant; revoking again changes nothing.
  virtual core::Status RevokeCredential(const std::string& client_id, const std::string& credential_id,
                                        core::CityTime now) = 0;
  virtual core::Status RevokeGrant(const std::string& client_id, const std::string& grant_id, core::CityTime now) = 0;
};

class RegisterStore {
 public:
  using Session = RegisterSession;
  virtual ~RegisterStore() = default;
  // `work` may run twice: no effects outside the session.
  virtual core::Status Transact(const std::function<core::Status(RegisterSession&)>& work) = 0;
};

}  // namespace tilts::registry
