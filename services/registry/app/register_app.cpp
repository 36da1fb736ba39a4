#include "registry/app/register_app.hpp"

#include <algorithm>

#include "registry/app/command.hpp"
#include "registry/app/institution_mapping.hpp"

namespace tilts::registry {
namespace {

using core::Errc;
using core::Fail;
using core::Result;

constexpr std::size_t kMostInstitutions = 1'000;

Actor ActorOf(const auth::Principal& principal) {
  return {principal.kind == auth::Principal::Kind::kOperator, principal.institution_id};
}

}  // namespace

RegisterApp::RegisterApp(RegisterStore& store, std::vector<ServedCalendar> calendars, std::set<std::string> operations)
    : store_(store), calendars_(std::move(calendars)), operations_(std::move(operations)) {}

Result<v1::ListInstitutionsResponse> RegisterApp::ListInstitutions(const v1::ListInstitutionsRequest& request) {
  const std::size_t asked = request.page_size() == 0 ? kMostInstitutions : request.page_size();
  const std::size_t page = std::min(asked, kMostInstitutions);
  v1::ListInstitutionsResponse response;
  TILTS_CHECK(store_.Transact([&](RegisterSession& session) -> core::Status {
    response.Clear();
    TILTS_ASSIGN(const auto version, session.Version());
    TILTS_ASSIGN(auto found, session.ListInstitutions(request.kind(), request.page_token(), page + 1));
    if (found.size() > page) {
      found.pop_back();
      response.set_next_page_token(found.back().institution_id);
    }
    for (const Institution& institution : found) *response.add_institutions() = ToProto(institution);
    response.set_registry_version(version);
    return {};
  }));
  return response;
}

Result<v1::GetInstitutionResponse> RegisterApp::GetInstitution(const v1::GetInstitutionRequest& request) {
  v1::GetInstitutionResponse response;
  TILTS_CHECK(store_.Transact([&](RegisterSession& session) -> core::Status {
    TILTS_ASSIGN(const auto found, session.FindInstitution(request.institution_id()));
    if (!found) return Fail(Errc::kNotFound, "no institution has this id", "INSTITUTION_UNKNOWN");
    *response.mutable_institution() = ToProto(found->institution);
    return {};
  }));
  return response;
}

Result<v1::PutInstitutionResponse> RegisterApp::PutInstitution(const rpc::CallContext& call,
                                                               const v1::PutInstitutionRequest& request) {
  TILTS_ASSIGN(Institution wanted, FromProto(request.institution()));
  if (wanted.institution_id.empty()) wanted.institution_id = request.institution_id();
  if (wanted.institution_id != request.institution_id()) {
    return Fail(Errc::kInvalid, "the id in the path and in the institution must be the same", "INSTITUTION_ID");
  }
  return Once<v1::PutInstitutionResponse>(
      store_, call, request, [&](RegisterSession& session) -> Result<v1::PutInstitutionResponse> {
        TILTS_CHECK(session.RaiseVersion());
        TILTS_ASSIGN(const auto stored, session.FindInstitution(wanted.institution_id));
        TILTS_ASSIGN(Surroundings known, session.ReadSurroundings());
        for (const ServedCalendar& calendar : calendars_) known.calendars.insert(calendar.calendar_id);
        std::optional<Institution> before;
        if (stored) before = stored->institution;
        TILTS_ASSIGN(const Institution after, DecidePut(before, wanted, ActorOf(call.principal), known));
        TILTS_CHECK(session.SaveInstitution(after, false));
        TILTS_CHECK(LeaveAudit(session, call,
                               Written(kRegisterChain, {"institution/" + after.institution_id},
                                       call.principal.kind == auth::Principal::Kind::kOperator ? "OPERATOR" : "OWN")));
        v1::PutInstitutionResponse response;
        *response.mutable_institution() = ToProto(after);
        return response;
      });
}

Result<v1::ListCalendarsResponse> RegisterApp::ListCalendars() const {
  v1::ListCalendarsResponse response;
  for (const ServedCalendar& calendar : calendars_) {
    v1::Calendar& added = *response.add_calendars();
    added.set_calendar_id(calendar.calendar_id);
    added.set_version(calendar.version);
    added.set_json(calendar.json);
  }
  return response;
}

Result<v1::GetGrantSnapshotResponse> RegisterApp::GetGrantSnapshot(std::uint64_t known_version) {
  v1::GetGrantSnapshotResponse response;
  TILTS_CHECK(store_.Transact([&](RegisterSession& session) -> core::Status {
    response.Clear();
    TILTS_ASSIGN(const std::uint64_t version, session.Version());
    response.set_version(version);
    if (version == known_version) return {};
    TILTS_ASSIGN(const auto credentials, session.ListCredentials({}));
    for (const Credential& credential : credentials) *response.add_credentials() = ToProto(credential);
    TILTS_ASSIGN(const auto grants, session.ListGrants());
    for (const Grant& grant : grants) *response.add_grants() = ToProto(grant);
    TILTS_ASSIGN(const auto operators, session.OperatorIds());
    for (const std::string& id : operators) response.add_operator_institution_ids(id);
    return {};
  }));
  return response;
}

}  // namespace tilts::registry
