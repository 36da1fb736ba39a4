#include "backbone/audit.hpp"

#include <tilts/audit/v1/events.pb.h>

#include "crypto/random.hpp"
#include "events/draft.hpp"

namespace tilts::backbone {
namespace {

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

core::Result<events::Draft> AuditOfCall(const rpc::CallContext& call, std::string_view service,
                                        const auth::AuditFacts& facts) {
  // Random: a caller that repeats a call id must not be able to hide a second record behind the first.
  events::Meta meta = MetaOf(crypto::RandomId(), service, facts.chain_id, call.now);
  meta.causation_id = call.call_id;
  meta.traceparent = call.traceparent;
  return events::MakeDraft(auth::AuditRecordFor(call, facts), meta);
}

core::Result<events::Draft> AuditOfSystem(std::string_view service, std::string_view handler, std::string_view cause_id,
                                          unsigned index, core::CityTime now, const auth::AuditFacts& facts) {
  const std::string rule = "audit/" + std::string(service) + "/" + std::string(handler);
  events::Meta meta = MetaOf(events::DerivedId(cause_id, rule, index), service, facts.chain_id, now);
  meta.causation_id = std::string(cause_id);
  return events::MakeDraft(auth::SystemAuditRecord(service, handler, cause_id, now, facts), meta);
}

}  // namespace tilts::backbone
