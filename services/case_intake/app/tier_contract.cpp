#include "case_intake/app/tier_contract.hpp"

#include <tilts/events/v1/envelope.pb.h>

#include <algorithm>

#include "calendar/riga_time.hpp"
#include "case_intake/app/read_report.hpp"
#include "case_intake/domain/fact_kinds.hpp"
#include "wire/bytes.hpp"
#include "wire/codes.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {
namespace {

constexpr std::ptrdiff_t kLongestNote = 4'000;

std::ptrdiff_t Characters(const std::string& text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

// An unknown number of a newer contract is as good as none.
template <typename To>
To KnownCode(int sent, bool (*is_valid)(int)) {
  return is_valid(sent) ? static_cast<To>(sent) : To::kUnspecified;
}

core::Status CheckNote(const std::string& note) {
  if (Characters(note) <= kLongestNote) return {};
  core::Error error{
      core::Errc::kInvalid, "The decision cannot be read; correct the fields named", "TIER_DECISION", {}, 0};
  error.violations.push_back({"note", "TOO_LONG", "Send at most 4,000 characters"});
  return core::Fail(std::move(error));
}

core::Status CheckProposed(const risk::v1::TierProposed& event) {
  const bool none = event.pupil_id().empty() || event.institution_id().empty();
  const bool no_tier = event.tier() < kUniversalTier || event.tier() > kCaseTier;
  const bool unanswerable = event.tier() >= kTargetedTier && event.material_digest().empty();
  if (!none && !no_tier && !unanswerable) return {};
  return core::Fail(core::Errc::kInvalid, "a proposal without pupil, school, tier or digest", "TIER_PROPOSAL");
}

}  // namespace

core::Result<TierCommand> ReadTierCommand(const intake::v1::DecideTierRequest& request,
                                          const core::InstitutionId& institution, const core::NoteId& note,
                                          core::CityTime now) {
  TILTS_CHECK(wire::CheckUtf8(request));
  TILTS_CHECK(CheckRequestId(request.request_id()));
  TILTS_CHECK(CheckNote(request.note()));
  TierCommand command;
  command.move = KnownCode<TierMove>(request.decision(), codes::v1::TierDecision_IsValid);
  command.tier = request.tier();
  command.reason = KnownCode<TierReason>(request.reason(), codes::v1::TierDecisionReason_IsValid);
  command.role = request.role();
  command.material_digest = request.material_digest();
  if (!request.note().empty()) command.note = note;
  command.institution = institution;
  command.now = now;
  TILTS_CHECK(CheckTierCommand(command));
  return command;
}

core::Result<TierProposal> ReadProposal(const events::v1::Envelope& envelope, const risk::v1::TierProposed& event) {
  TILTS_CHECK(CheckProposed(event));
  TierProposal proposal;
  proposal.id = core::EventId(envelope.id());
  proposal.sequence = envelope.sequence();
  proposal.tier = event.tier();
  proposal.points = event.points();
  proposal.material_digest = event.material_digest();
  proposal.as_of_day = event.as_of_day();
  proposal.card_id = event.card_id();
  proposal.card_version = event.card_version();
  for (const risk::v1::Contribution& contribution : event.contributions()) {
    const bool known =
        std::find(proposal.domains.begin(), proposal.domains.end(), contribution.domain()) != proposal.domains.end();
    if (contribution.points() > 0 && !known) proposal.domains.push_back(contribution.domain());
  }
  TILTS_ASSIGN(proposal.at, wire::FromTimestamp(envelope.recorded_at()));
  return proposal;
}

intake::v1::Tier ToProto(const PupilTier& state) {
  intake::v1::Tier tier;
  tier.set_pupil_id(state.pupil.value());
  if (state.proposal.tier >= kTargetedTier) {
    tier.set_proposed_tier(state.proposal.tier);
    tier.set_points(state.proposal.points);
    tier.set_material_digest(state.proposal.material_digest);
    tier.set_as_of_day(calendar::FormatDate(DateOf(state.proposal.as_of_day)));
  }
  if (!state.Decided()) return tier;
  tier.set_decision(wire::Code<codes::v1::TierDecision>(state.verdict.move));
  tier.set_decided_tier(state.verdict.tier);
  tier.set_reason(wire::Code<codes::v1::TierDecisionReason>(state.verdict.reason));
  *tier.mutable_decided_at() = wire::ToTimestamp(state.verdict.at);
  tier.set_reopened(state.Reopened());
  tier.set_case_id(state.verdict.case_id.value());
  return tier;
}

}  // namespace tilts::case_intake
