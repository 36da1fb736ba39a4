#include "registry/adapters/doors.hpp"

#include "registry/app/pupil_app.hpp"
#include "registry/app/register_app.hpp"
#include "registry/app/vault_app.hpp"
#include "rpc/method_table.hpp"

namespace tilts::registry {
namespace {

using rpc::CallContext;

// Binds a member function that takes the call and the request.
template <typename App, typename Request, typename Response>
void Bind(rpc::MethodTable& methods, const char* name, App& app,
          core::Result<Response> (App::*handler)(const CallContext&, const Request&)) {
  methods.Bind<Request, Response>(
      name, [&app, handler](const CallContext& call, const Request& request) { return (app.*handler)(call, request); });
}

// The same for handlers to whom it does not matter who asks.
template <typename App, typename Request, typename Response>
void Bind(rpc::MethodTable& methods, const char* name, App& app,
          core::Result<Response> (App::*handler)(const Request&)) {
  methods.Bind<Request, Response>(
      name, [&app, handler](const CallContext&, const Request& request) { return (app.*handler)(request); });
}

}  // namespace

void BindRegister(rpc::MethodTable& methods, RegisterApp& app) {
#define TILTS_BIND(method) Bind(methods, "tilts.registry.v1.RegistryService/" #method, app, &RegisterApp::method)
  TILTS_BIND(ListInstitutions);
  TILTS_BIND(GetInstitution);
  TILTS_BIND(PutInstitution);
  TILTS_BIND(CreateClient);
  TILTS_BIND(IssueCredential);
  TILTS_BIND(RevokeCredential);
  TILTS_BIND(GrantInstitution);
  TILTS_BIND(RevokeGrant);
#undef TILTS_BIND
  methods.Bind<v1::ListCalendarsRequest, v1::ListCalendarsResponse>(
      "tilts.registry.v1.RegistryService/ListCalendars",
      [&app](const CallContext&, const v1::ListCalendarsRequest&) { return app.ListCalendars(); });
  methods.Bind<v1::GetGrantSnapshotRequest, v1::GetGrantSnapshotResponse>(
      "tilts.registry.v1.RegistryService/GetGrantSnapshot",
      [&app](const CallContext&, const v1::GetGrantSnapshotRequest& request) {
        return app.GetGrantSnapshot(request.known_version());
      });
}

void BindVault(rpc::MethodTable& methods, VaultApp& app) {
#define TILTS_BIND(method) Bind(methods, "tilts.registry.v1.VaultService/" #method, app, &VaultApp::method)
  TILTS_BIND(ResolvePersons);
  TILTS_BIND(DescribePersons);
  TILTS_BIND(LinkPersons);
  TILTS_BIND(ErasePerson);
  TILTS_BIND(WrapKeys);
  TILTS_BIND(UnwrapKeys);
#undef TILTS_BIND
}

void BindPupils(rpc::MethodTable& methods, PupilApp& app) {
#define TILTS_BIND(method) Bind(methods, "tilts.registry.v1.PupilService/" #method, app, &PupilApp::method)
  TILTS_BIND(LookUpPupilNumbers);
  TILTS_BIND(DestroyStatisticsKey);
#undef TILTS_BIND
}

}  // namespace tilts::registry
