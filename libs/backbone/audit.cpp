#include "backbone/audit.hpp"

#include <tilts/audit/v1/events.pb.h>

#include "crypto/random.hpp"
#include "events/draft.hpp"
#include "wire/time.hpp"

namespace tilts::backbone {
namespace {

audit::v1::AuditRecorded RecordOf(const AuditNote& note, core::CityTime at) {
  audit::v1::AuditRecorded record;
  record.set_chain_id(note.chain);
  record.set_action(note.write ? audit::v1::AUDIT_ACTION_WRITE : audit::v1::AUDIT_ACTION_READ);
  for (const std::string& object : note.objects) record.add_object_ids(object);
  record.set_allowed(note.allowed);
  record.set_decision_reason(note.reason);
  record.set_view(note.view);
  *record.mutable_at() = wire::ToTimestamp(at);
  return record;
}

events::Meta MetaOf(std::string id, std::string_view service, const std::string& chain, core::CityTime at) {
  events::Meta meta;
  meta.id = std::move(id);
  meta.source = "/" + std::string(service);
  meta.subject = chain;
  meta.occurred_at = at;
  meta.recorded_at = at;
  return meta;
}

}  // namespace

core::Result<events::Draft> AuditOfCall(const rpc::CallContext& call, std::string_view service, const AuditNote& note) {
  audit::v1::AuditRecorded record = RecordOf(note, call.now);
  record.set_method(call.method);
  record.set_client_id(call.principal.client_id);
  record.set_institution_id(call.principal.institution_id);
  record.set_service(call.principal.service);
  record.set_role(call.principal.role);
  record.set_purpose(call.principal.purpose);
  record.set_call_id(call.call_id);
  record.set_cause_id(call.principal.cause_id);
  // Random: a caller that repeats a call id must not be able to hide a second record behind the first.
  events::Meta meta = MetaOf(crypto::RandomId(), service, note.chain, call.now);
  meta.causation_id = call.call_id;
  meta.traceparent = call.traceparent;
  return events::MakeDraft(record, meta);
}

core::Result<events::Draft> AuditOfSystem(std::string_view service, std::string_view handler, std::string_view cause_id,
                                          unsigned index, core::CityTime now, const AuditNote& note) {
  audit::v1::AuditRecorded record = RecordOf(note, now);
  record.set_method("system/" + std::string(handler));
  record.set_service(std::string(service));
  record.set_cause_id(std::string(cause_id));
  record.set_system(true);
  const std::string rule = "audit/" + std::string(service) + "/" + std::string(handler);
  events::Meta meta = MetaOf(events::DerivedId(cause_id, rule, index), service, note.chain, now);
  meta.causation_id = std::string(cause_id);
  return events::MakeDraft(record, meta);
}

}  // namespace tilts::backbone
