#include "risk_scoring/app/outputs.hpp"

#include <tilts/risk/v1/events.pb.h>

#include <utility>

#include "core/concat.hpp"
#include "core/sha256.hpp"
#include "risk_scoring/app/contract.hpp"
#include "wire/time.hpp"

namespace tilts::risk_scoring {
namespace {

// Of one cause and pupil; at most a proposal and two limits, and sequences leave room for more.
constexpr std::int64_t kOutputsPerCause = 16;

risk::v1::TierProposed EventOf(const Proposal& proposal, const std::string& pupil_id, const ActiveCard& card,
                               const ClosedDay& day) {
  risk::v1::TierProposed event;
  event.set_pupil_id(pupil_id);
  event.set_institution_id(proposal.institution_id);
  event.set_tier(proposal.tier);
  event.set_previous_tier(proposal.previous_tier);
  event.set_card_id(card.contract.card_id());
  event.set_card_version(card.contract.version());
  event.set_as_of_day(day.day);
  event.set_school_year(SchoolYearText(day.school_year));
  event.set_material_digest(proposal.material_digest);
  // Who has left has no score any more.
  if (proposal.assessment.abstention != Abstention::kNone) return event;
  event.set_points(proposal.assessment.points);
  AddContributions(card.checked, proposal.assessment, proposal.by_factor, Facts::kShown,
                   *event.mutable_contributions());
  return event;
}

risk::v1::LimitCrossed CrossedOf(const LimitEvent& limit, const std::string& pupil_id, const ActiveCard& card,
                                 const ClosedDay& day) {
  risk::v1::LimitCrossed event;
  event.set_pupil_id(pupil_id);
  event.set_institution_id(limit.institution_id);
  event.set_school_year(SchoolYearText(limit.school_year));
  event.set_semester(limit.semester);
  event.set_lessons(limit.lessons);
  event.set_limit(card.contract.limit().lessons());
  event.set_legal_basis(card.contract.limit().legal_basis());
  event.set_legal_version(card.contract.limit().legal_version());
  event.set_as_of_day(day.day);
  for (const FactReference& fact : limit.evidence.facts) *event.add_facts() = ToContract(fact);
  event.set_crossing(limit.crossing);
  return event;
}

risk::v1::LimitRetracted RetractedOf(const LimitEvent& limit, const std::string& pupil_id, const ClosedDay& day) {
  risk::v1::LimitRetracted event;
  event.set_pupil_id(pupil_id);
  event.set_institution_id(limit.institution_id);
  event.set_school_year(SchoolYearText(limit.school_year));
  event.set_semester(limit.semester);
  event.set_lessons(limit.lessons);
  event.set_as_of_day(day.day);
  event.set_crossing(limit.crossing);
  return event;
}

}  // namespace

core::Result<events::Draft> DraftOf(const Cause& cause, const std::string& pupil_id, std::string id,
                                    std::uint32_t index, const std::string& school_year, std::string municipality,
                                    const google::protobuf::Message& event) {
  TILTS_ASSIGN(const core::CityTime recorded_at, wire::FromTimestamp(cause.envelope.recorded_at()));
  events::Meta meta;
  meta.id = std::move(id);
  meta.source = "/risk-scoring";
  meta.subject = pupil_id;
  meta.sequence = static_cast<std::uint64_t>(cause.offset * kOutputsPerCause + index + 1);
  meta.purpose = codes::v1::PURPOSE_PMP;
  meta.occurred_at = recorded_at;
  meta.recorded_at = recorded_at;
  meta.causation_id = cause.envelope.id();
  meta.correlation_id = cause.envelope.correlation_id();
  meta.school_year = school_year;
  meta.municipality = std::move(municipality);
  meta.traceparent = cause.envelope.traceparent();
  return events::MakeDraft(event, meta);
}

core::Result<std::vector<events::Draft>> DraftsOf(const Cause& cause, const std::string& pupil_id,
                                                  const Outcome& outcome, const ActiveCard& card, const ClosedDay& day,
                                                  const Municipalities& municipalities) {
  std::vector<events::Draft> drafts;
  const auto add = [&](const char* kind, const std::string& school_year, const std::string& institution_id,
                       const google::protobuf::Message& event) -> core::Status {
    const auto found = municipalities.find(institution_id);
    const std::string municipality = found == municipalities.end() ? std::string() : found->second;
    const auto index = static_cast<std::uint32_t>(drafts.size());
    const std::string rule = core::Concat(kind, "/", pupil_id, "/", card.contract.version());
    TILTS_ASSIGN(auto draft, DraftOf(cause, pupil_id, events::DerivedId(cause.envelope.id(), rule, index), index,
                                     school_year, municipality, event));
    drafts.push_back(std::move(draft));
    return {};
  };
  if (outcome.proposal) {
    TILTS_CHECK(add("tier-proposed", SchoolYearText(day.school_year), outcome.proposal->institution_id,
                    EventOf(*outcome.proposal, pupil_id, card, day)));
  }
  for (const LimitEvent& limit : outcome.limits) {
    const std::string school_year = SchoolYearText(limit.school_year);
    if (limit.crossed) {
      TILTS_CHECK(add("limit-crossed", school_year, limit.institution_id, CrossedOf(limit, pupil_id, card, day)));
    } else {
      TILTS_CHECK(add("limit-retracted", school_year, limit.institution_id, RetractedOf(limit, pupil_id, day)));
    }
  }
  return drafts;
}

core::Result<events::Draft> ConflictDraft(const Cause& cause, const std::string& pupil_id, const Fact& fact) {
  const std::string record_id(fact.record_id.begin(), fact.record_id.end());
  risk::v1::FactConflict event;
  event.set_pupil_id(pupil_id);
  event.set_institution_id(fact.institution_id);
  event.set_record_id(record_id);
  event.set_revision(fact.revision);
  event.set_kind(KindOf(fact));
  const std::string id = events::DerivedId(record_id, "fact-conflict", fact.revision);
  return DraftOf(cause, pupil_id, id, 0, cause.envelope.school_year(), cause.envelope.municipality(), event);
}

}  // namespace tilts::risk_scoring
