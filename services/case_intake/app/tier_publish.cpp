#include "case_intake/app/tier_publish.hpp"

#include <tilts/cases/v1/events.pb.h>

#include "calendar/school_year.hpp"
#include "events/draft.hpp"
#include "wire/codes.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kSource[] = "/case-intake";
constexpr char kTierDecided[] = "tier-decided";

}  // namespace

core::EventId TierEventId(const PupilTier& after) {
  return core::EventId(
      events::DerivedId(after.pupil.value(), kTierDecided, static_cast<std::uint32_t>(after.sequence)));
}

core::Result<events::Draft> DraftOf(const TierDecision& decision, const std::string& municipality,
                                    const Occasion& occasion) {
  const PupilTier& after = decision.after;
  cases::v1::TierDecided event;
  event.set_pupil_id(after.pupil.value());
  event.set_institution_id(after.verdict.institution.value());
  event.set_decision(wire::Code<codes::v1::TierDecision>(after.verdict.move));
  event.set_proposed_tier(decision.proposed_tier);
  event.set_decided_tier(after.verdict.tier);
  event.set_reason(wire::Code<codes::v1::TierDecisionReason>(after.verdict.reason));
  event.set_reason_note_id(after.verdict.note.value());
  event.set_case_id(after.verdict.case_id.value());
  if (decision.proposed_tier > 0) event.set_material_digest(after.verdict.material_digest);

  events::Meta meta;
  meta.id = TierEventId(after).value();
  meta.source = kSource;
  meta.subject = after.pupil.value();
  meta.sequence = after.sequence;
  meta.purpose = codes::v1::PURPOSE_PMP;
  meta.occurred_at = occasion.at;
  meta.recorded_at = occasion.at;
  meta.causation_id = occasion.cause_id;
  if (decision.proposed_tier > 0) meta.correlation_id = after.proposal.id.value();
  meta.school_year = calendar::SchoolYearOf(occasion.at);
  meta.municipality = municipality.empty() ? occasion.city_municipality : municipality;
  meta.traceparent = occasion.traceparent;
  return events::MakeDraft(event, meta);
}

}  // namespace tilts::case_intake
