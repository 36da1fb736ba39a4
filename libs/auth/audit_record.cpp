#include "auth/audit_record.hpp"

#include <tilts/audit/v1/events.pb.h>

#include "wire/time.hpp"

namespace tilts::auth {
namespace {

audit::v1::AuditRecorded Common(const AuditFacts& facts, core::CityTime at) {
  audit::v1::AuditRecorded record;
  record.set_chain_id(facts.chain_id);
  record.set_action(facts.touch == Touch::kWrite ? audit::v1::AUDIT_ACTION_WRITE : audit::v1::AUDIT_ACTION_READ);
  for (const std::string& id : facts.object_ids) record.add_object_ids(id);
  record.set_allowed(facts.decision.allowed);
  record.set_decision_reason(facts.decision.reason);
  record.set_view(facts.view);
  *record.mutable_at() = wire::ToTimestamp(at);
  return record;
}

// Services that admit callers from outside: their word opens a call, every other one continues it.
bool OpenedByCaller(const Principal& principal) {
  return principal.kind != Principal::Kind::kService &&
         (principal.issuer == "api-key" || principal.issuer == "gateway");
}

}  // namespace

audit::v1::AuditRecorded AuditRecordFor(const rpc::CallContext& call, const AuditFacts& facts) {
  audit::v1::AuditRecorded record = Common(facts, call.now);
  const Principal& principal = call.principal;
  record.set_method(call.method);
  record.set_client_id(principal.client_id);
  record.set_institution_id(principal.institution_id);
  record.set_service(principal.service);
  record.set_role(principal.role);
  record.set_purpose(principal.purpose);
  record.set_call_id(call.call_id);
  record.set_cause_id(principal.cause_id);
  record.set_system(!OpenedByCaller(principal));
  return record;
}

audit::v1::AuditRecorded SystemAuditRecord(std::string_view service, std::string_view handler,
                                           std::string_view cause_id, core::CityTime at, const AuditFacts& facts) {
  audit::v1::AuditRecorded record = Common(facts, at);
  record.set_method("system/" + std::string(handler));
  record.set_service(std::string(service));
  record.set_cause_id(std::string(cause_id));
  record.set_system(true);
  return record;
}

}  // namespace tilts::auth
