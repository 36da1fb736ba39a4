// RegisterApp's commands about clients: who may call and for whom. All are the operator's.
#include <tilts/options/v1/options.pb.h>

#include "auth/api_key.hpp"
#include "auth/gatekeeper.hpp"
#include "crypto/random.hpp"
#include "registry/app/command.hpp"
#include "registry/app/institution_mapping.hpp"
#include "registry/app/register_app.hpp"
#include "wire/contract_lint.hpp"
#include "wire/time.hpp"

namespace tilts::registry {

// The secret is in the first answer and nowhere else.
template <>
v1::IssueCredentialResponse KeptForm(const v1::IssueCredentialResponse& answer) {
  v1::IssueCredentialResponse kept = answer;
  kept.clear_api_key();
  return kept;
}

namespace {

using core::Errc;
using core::Fail;
using core::Result;

// Asked before anything is looked up, so that the answer does not tell which clients there are.
core::Status OperatorOnly(const rpc::CallContext& call) {
  if (call.principal.kind == auth::Principal::Kind::kOperator) return {};
  return Fail(Errc::kDenied, "clients, credentials and grants are the operator's to change", "OPERATOR_ONLY");
}

core::Status Audit(RegisterSession& session, const rpc::CallContext& call, std::vector<std::string> objects) {
  return LeaveAudit(session, call, Written(kRegisterChain, std::move(objects), "OPERATOR"));
}

}  // namespace

Result<v1::CreateClientResponse> RegisterApp::CreateClient(const rpc::CallContext& call,
                                                           const v1::CreateClientRequest& request) {
  TILTS_CHECK(OperatorOnly(call));
  TILTS_CHECK(ValidateClient(request.client_id(), request.name()));
  return Once<v1::CreateClientResponse>(
      store_, call, request, [&](RegisterSession& session) -> Result<v1::CreateClientResponse> {
        TILTS_CHECK(session.CreateClient(request.client_id(), request.name(), call.now));
        TILTS_CHECK(Audit(session, call, {"client/" + request.client_id()}));
        v1::CreateClientResponse response;
        response.set_client_id(request.client_id());
        return response;
      });
}

Result<v1::IssueCredentialResponse> RegisterApp::IssueCredential(const rpc::CallContext& call,
                                                                 const v1::IssueCredentialRequest& request) {
  TILTS_CHECK(OperatorOnly(call));
  TILTS_ASSIGN(const auto asked, OptionalTime(request.has_expires_at(), request.expires_at(), "expires_at"));
  auto answer = Once<v1::IssueCredentialResponse>(
      store_, call, request, [&](RegisterSession& session) -> Result<v1::IssueCredentialResponse> {
        TILTS_CHECK(session.LockClient(request.client_id()));
        TILTS_CHECK(session.RaiseVersion());
        TILTS_ASSIGN(const auto existing, session.ListCredentials(request.client_id()));
        TILTS_ASSIGN(const core::CityTime expires_at, DecideIssue(existing, asked, call.now));
        const auth::ApiKey key = auth::NewApiKey();
        TILTS_CHECK(session.AddCredential(
            {key.key_id, request.client_id(), auth::ApiKeySecretHash(key.secret), call.now, expires_at, std::nullopt}));
        TILTS_CHECK(Audit(session, call, {"client/" + request.client_id(), "credential/" + key.key_id}));
        v1::IssueCredentialResponse response;
        response.set_credential_id(key.key_id);
        response.set_api_key(auth::FormatApiKey(key));
        *response.mutable_expires_at() = wire::ToTimestamp(expires_at);
        return response;
      });
  if (answer && answer->api_key().empty()) {
    return Fail(Errc::kAlreadyExists,
                "the key of credential " + answer->credential_id() +
                    " was shown once and is kept nowhere: revoke it and issue another with a new request id",
                "CREDENTIAL_SHOWN");
  }
  return answer;
}

Result<v1::RevokeCredentialResponse> RegisterApp::RevokeCredential(const rpc::CallContext& call,
                                                                   const v1::RevokeCredentialRequest& request) {
  TILTS_CHECK(OperatorOnly(call));
  return Once<v1::RevokeCredentialResponse>(
      store_, call, request, [&](RegisterSession& session) -> Result<v1::RevokeCredentialResponse> {
        TILTS_CHECK(session.RevokeCredential(request.client_id(), request.credential_id(), call.now));
        TILTS_CHECK(session.RaiseVersion());
        TILTS_CHECK(Audit(session, call, {"client/" + request.client_id(), "credential/" + request.credential_id()}));
        return v1::RevokeCredentialResponse{};
      });
}

Result<v1::GrantInstitutionResponse> RegisterApp::GrantInstitution(const rpc::CallContext& call,
                                                                   const v1::GrantInstitutionRequest& request) {
  TILTS_CHECK(OperatorOnly(call));
  Grant wanted{crypto::RandomId(), request.client_id(), request.institution_id(), {}, {}, {}, {}};
  wanted.operations.assign(request.operations().begin(), request.operations().end());
  TILTS_ASSIGN(wanted.valid_from, OptionalTime(request.has_valid_from(), request.valid_from(), "valid_from"));
  TILTS_ASSIGN(wanted.valid_to, OptionalTime(request.has_valid_to(), request.valid_to(), "valid_to"));
  TILTS_ASSIGN(const Grant grant, DecideGrant(std::move(wanted), operations_));
  return Once<v1::GrantInstitutionResponse>(
      store_, call, request, [&](RegisterSession& session) -> Result<v1::GrantInstitutionResponse> {
        TILTS_CHECK(session.LockClient(grant.client_id));
        TILTS_ASSIGN(const auto institution, session.FindInstitution(grant.institution_id));
        if (!institution) return Fail(Errc::kNotFound, "no institution has this id", "INSTITUTION_UNKNOWN");
        TILTS_CHECK(session.AddGrant(grant));
        TILTS_CHECK(session.RaiseVersion());
        TILTS_CHECK(
            Audit(session, call,
                  {"client/" + grant.client_id, "institution/" + grant.institution_id, "grant/" + grant.grant_id}));
        v1::GrantInstitutionResponse response;
        *response.mutable_grant() = ToProto(grant);
        return response;
      });
}

Result<v1::RevokeGrantResponse> RegisterApp::RevokeGrant(const rpc::CallContext& call,
                                                         const v1::RevokeGrantRequest& request) {
  TILTS_CHECK(OperatorOnly(call));
  return Once<v1::RevokeGrantResponse>(
      store_, call, request, [&](RegisterSession& session) -> Result<v1::RevokeGrantResponse> {
        TILTS_CHECK(session.RevokeGrant(request.client_id(), request.grant_id(), call.now));
        TILTS_CHECK(session.RaiseVersion());
        TILTS_CHECK(Audit(session, call, {"client/" + request.client_id(), "grant/" + request.grant_id()}));
        return v1::RevokeGrantResponse{};
      });
}

std::set<std::string> ContractOperations() {
  std::set<std::string> operations;
  for (const auto* file : wire::LinkedContracts()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        operations.insert(auth::OperationOf(*file->service(s)->method(m)));
      }
    }
  }
  operations.erase("");
  return operations;
}

}  // namespace tilts::registry
