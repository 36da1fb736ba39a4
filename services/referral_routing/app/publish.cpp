#include "referral_routing/app/publish.hpp"

#include "events/draft.hpp"
#include "referral_routing/app/contract.hpp"

namespace tilts::referral_routing {

core::Result<events::Draft> DraftOf(const google::protobuf::Message& event, const Referral& referral,
                                    const CaseRecord& record, const Occasion& occasion) {
  events::Meta meta;
  meta.id = events::DerivedId(referral.id.value(), "referral-event", static_cast<std::uint32_t>(referral.sequence));
  meta.source = "/referral-routing";
  meta.subject = referral.id.value();
  meta.sequence = referral.sequence;
  meta.purpose = PurposeOf(referral.stream);
  meta.occurred_at = occasion.now;
  meta.recorded_at = occasion.now;
  meta.causation_id = occasion.cause_id;
  meta.correlation_id = record.correlation_id;
  meta.school_year = record.school_year;
  meta.municipality = record.municipality;
  meta.traceparent = occasion.traceparent;
  return events::MakeDraft(event, meta);
}

std::string AuditChain(Stream stream) {
  return std::string(kServiceName) + (stream == Stream::kPmp ? ".pmp" : ".protection");
}

core::ReferralId ReferralIdOf(const core::CaseId& id, const std::string& purpose, const InstitutionId& recipient,
                              unsigned attempt) {
  return core::ReferralId(events::DerivedId(id.value(), "referral|" + purpose + "|" + recipient.value(), attempt));
}

}  // namespace tilts::referral_routing
