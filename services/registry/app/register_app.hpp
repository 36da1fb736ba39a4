#pragma once

#include <tilts/registry/v1/registry_service.pb.h>

#include <set>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "registry/app/register_store.hpp"
#include "rpc/call.hpp"

namespace tilts::registry {

struct ServedCalendar {
  std::string calendar_id;
  std::string version;
  std::string json;  // the file as it is
};

// RegistryService: institutions, calendars, clients, credentials and grants.
class RegisterApp {
 public:
  // `operations` are those of the contracts; the calendars have been validated.
  RegisterApp(RegisterStore& store, std::vector<ServedCalendar> calendars, std::set<std::string> operations);

  core::Result<v1::ListInstitutionsResponse> ListInstitutions(const v1::ListInstitutionsRequest& request);
  core::Result<v1::GetInstitutionResponse> GetInstitution(const v1::GetInstitutionRequest& request);
  core::Result<v1::PutInstitutionResponse> PutInstitution(const rpc::CallContext& call,
                                                          const v1::PutInstitutionRequest& request);
  core::Result<v1::ListCalendarsResponse> ListCalendars() const;

  core::Result<v1::CreateClientResponse> CreateClient(const rpc::CallContext& call,
                                                      const v1::CreateClientRequest& request);
  core::Result<v1::IssueCredentialResponse> IssueCredential(const rpc::CallContext& call,
                                                            const v1::IssueCredentialRequest& request);
  core::Result<v1::RevokeCredentialResponse> RevokeCredential(const rpc::CallContext& call,
                                                              const v1::RevokeCredentialRequest& request);
  core::Result<v1::GrantInstitutionResponse> GrantInstitution(const rpc::CallContext& call,
                                                              const v1::GrantInstitutionRequest& request);
  core::Result<v1::RevokeGrantResponse> RevokeGrant(const rpc::CallContext& call,
                                                    const v1::RevokeGrantRequest& request);

  // Also asked by this service's own gatekeeper.
  core::Result<v1::GetGrantSnapshotResponse> GetGrantSnapshot(std::uint64_t known_version);

 private:
  RegisterStore& store_;
  const std::vector<ServedCalendar> calendars_;
  const std::set<std::string> operations_;
};

// The operations that access options of the linked contracts name.
std::set<std::string> ContractOperations();

}  // namespace tilts::registry
