#include "notification/adapters/endpoint_methods.hpp"

#include "backbone/audit.hpp"
#include "notification/domain/endpoint_address.hpp"

namespace tilts::notification {
namespace {

using auth::AccessDecision;
using postgres::UnitOfWork;

constexpr std::chrono::hours kPreviousSecretSigns{24};
constexpr std::size_t kMostHosts = 100;

core::Status Audit(UnitOfWork& unit, const rpc::CallContext& call, const std::string& object,
                   const AccessDecision& decision) {
  TILTS_ASSIGN(const auto draft,
               backbone::AuditOfCall(call, "notification",
                                     {"notification.endpoints", auth::Touch::kWrite, {object}, decision, ""}));
  return unit.Emit(draft);
}

v1::Endpoint ToProto(const StoredEndpoint& stored) {
  v1::Endpoint endpoint;
  endpoint.set_endpoint_id(stored.endpoint_id);
  endpoint.set_institution_id(stored.institution_id);
  endpoint.set_url(stored.url);
  endpoint.set_order(stored.order);
  endpoint.set_disabled(stored.disabled);
  endpoint.set_etag(std::to_string(stored.version));
  return endpoint;
}

// What an idempotency key remembers of a secret: which one it was, never the secret.
std::string Remembered(const StoredEndpoint& endpoint) {
  return endpoint.endpoint_id + "/" + std::to_string(endpoint.version);
}

}  // namespace

core::Result<StoredEndpoint> EndpointMethods::Replace(UnitOfWork& unit, const rpc::CallContext& call,
                                                      const v1::PutEndpointRequest& request) const {
  const std::string& institution = call.principal.institution_id;
  TILTS_ASSIGN(auto hosts, endpoints_.AllowedHosts(unit, institution));
  TILTS_CHECK(domain::CheckAddress(request.url(), {std::move(hosts), anywhere_}));
  return endpoints_.Put(unit, institution, request.order(), request.url());
}

// A repeated request hears the secret again as long as it is still the one it made.
core::Result<std::string> EndpointMethods::SecretOf(UnitOfWork& unit, const StoredEndpoint& endpoint,
                                                    const std::string& seen) const {
  if (Remembered(endpoint) != seen) return std::string();
  return endpoints_.Secret(unit, endpoint.endpoint_id);
}

core::Result<v1::PutEndpointResponse> EndpointMethods::Put(const rpc::CallContext& call,
                                                           const v1::PutEndpointRequest& request) const {
  if (request.order() < 1 || request.order() > 2) {
    return core::Fail(core::Error{core::Errc::kInvalid,
                                  "the endpoint cannot be registered",
                                  "ENDPOINT_ORDER",
                                  {{"order", "ENDPOINT_ORDER", "choose 1 for the first endpoint, 2 for the second"}},
                                  0});
  }
  const std::string& institution = call.principal.institution_id;
  auto answer = database_.Transact([&](UnitOfWork& unit) -> core::Result<v1::PutEndpointResponse> {
    TILTS_ASSIGN(auto seen, idempotency_.Begin(unit, institution, request.request_id(), request));
    StoredEndpoint endpoint;
    if (seen) {
      TILTS_ASSIGN(const auto found, endpoints_.Find(unit, seen->substr(0, seen->find('/'))));
      if (!found) return core::Fail(core::Errc::kInternal, "a registered endpoint is gone", "ENDPOINT_GONE");
      endpoint = *found;
    } else {
      TILTS_ASSIGN(endpoint, Replace(unit, call, request));
      seen = Remembered(endpoint);
      TILTS_CHECK(idempotency_.Complete(unit, institution, request.request_id(), request, *seen, call.now));
    }
    TILTS_CHECK(Audit(unit, call, "endpoint/" + endpoint.endpoint_id, AccessDecision::Allow("OWNER")));
    v1::PutEndpointResponse response;
    *response.mutable_endpoint() = ToProto(endpoint);
    TILTS_ASSIGN(*response.mutable_secret(), SecretOf(unit, endpoint, *seen));
    return response;
  });
  if (answer) wake_();
  return answer;
}

core::Result<v1::RotateSecretResponse> EndpointMethods::Rotate(const rpc::CallContext& call,
                                                               const v1::RotateSecretRequest& request) const {
  const std::string& institution = call.principal.institution_id;
  AccessDecision decision = AccessDecision::Deny("NOT_A_PARTY");
  TILTS_ASSIGN(const auto response, database_.Transact([&](UnitOfWork& unit) -> core::Result<v1::RotateSecretResponse> {
    TILTS_ASSIGN(auto endpoint, endpoints_.Find(unit, request.endpoint_id()));
    decision = endpoint && endpoint->institution_id == institution ? AccessDecision::Allow("OWNER")
                                                                   : AccessDecision::Deny("NOT_A_PARTY");
    TILTS_CHECK(Audit(unit, call, "endpoint/" + request.endpoint_id(), decision));
    v1::RotateSecretResponse answer;
    if (!decision.allowed) return answer;
    TILTS_ASSIGN(auto seen, idempotency_.Begin(unit, institution, request.request_id(), request));
    if (!seen) {
      TILTS_CHECK(endpoints_.Rotate(unit, endpoint->endpoint_id, call.now + kPreviousSecretSigns));
      endpoint->version += 1;
      seen = Remembered(*endpoint);
      TILTS_CHECK(idempotency_.Complete(unit, institution, request.request_id(), request, *seen, call.now));
    }
    TILTS_ASSIGN(*answer.mutable_secret(), SecretOf(unit, *endpoint, *seen));
    return answer;
  }));
  TILTS_CHECK(auth::HideWhenDenied(decision, "endpoint"));
  return response;
}

core::Result<v1::ListEndpointsResponse> EndpointMethods::List(const rpc::CallContext& call) const {
  return database_.Transact([&](UnitOfWork& unit) -> core::Result<v1::ListEndpointsResponse> {
    TILTS_ASSIGN(const auto endpoints, endpoints_.List(unit, call.principal.institution_id));
    v1::ListEndpointsResponse response;
    for (const StoredEndpoint& each : endpoints) *response.add_endpoints() = ToProto(each);
    return response;
  });
}

core::Result<v1::PutAllowedHostsResponse> EndpointMethods::PutHosts(const rpc::CallContext& call,
                                                                    const v1::PutAllowedHostsRequest& request) const {
  if (call.principal.kind != auth::Principal::Kind::kOperator) {
    return core::Fail(core::Errc::kDenied, "only who runs Tilts may allow hosts", "OPERATION_NOT_GRANTED");
  }
  std::set<std::string> hosts;
  for (const std::string& host : request.hosts()) {
    TILTS_ASSIGN(std::string name, domain::NormaliseHost(host));
    hosts.insert(std::move(name));
  }
  if (request.institution_id().empty() || hosts.size() > kMostHosts) {
    return core::Fail(core::Errc::kInvalid, "name an institution and at most 100 hosts", "ALLOWED_HOSTS");
  }
  return database_.Transact([&](UnitOfWork& unit) -> core::Result<v1::PutAllowedHostsResponse> {
    TILTS_CHECK(endpoints_.PutAllowedHosts(unit, request.institution_id(), hosts));
    TILTS_CHECK(Audit(unit, call, "institution/" + request.institution_id(), AccessDecision::Allow("OPERATOR")));
    v1::PutAllowedHostsResponse response;
    for (const std::string& host : hosts) response.add_hosts(host);
    return response;
  });
}

}  // namespace tilts::notification
