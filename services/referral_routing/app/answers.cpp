#include "referral_routing/app/answers.hpp"

#include "referral_routing/app/contract.hpp"
#include "referral_routing/domain/notice.hpp"
#include "wire/time.hpp"

namespace tilts::referral_routing {
namespace {

// A notice is there to be acted on after it was read; its text ends with it.
Sight NoticeSight(const Referral& referral) {
  const bool stands = referral.state == ReferralState::kRequested || referral.state == ReferralState::kReceived;
  if (!stands) return {auth::AccessDecision::Allow("RECIPIENT_STUB"), kStub, false};
  return {auth::AccessDecision::Allow("RECIPIENT_NOTICE"), kNotice, true};
}

Sight RecipientSight(const Referral& referral) {
  if (IsStatutoryNotice(referral)) return NoticeSight(referral);
  if (!IsOpen(referral)) return {auth::AccessDecision::Allow("RECIPIENT_STUB"), kStub, false};
  if (IsAccepted(referral.state)) return {auth::AccessDecision::Allow("RECIPIENT_ACCEPTED"), kAccepted, true};
  return {auth::AccessDecision::Allow("RECIPIENT_PREVIEW"), kPreview, true};
}

}  // namespace

Actor PartsOf(const Referral& referral, const std::string& institution) {
  if (institution.empty()) return {};
  return {referral.recipient.value() == institution, referral.requester.value() == institution, false};
}

Sight SightOf(const Referral& referral, Actor parts) {
  if (parts.recipient) {
    const Sight sight = RecipientSight(referral);
    if (sight.shows_case || !parts.requester) return sight;
  }
  if (parts.requester) return {auth::AccessDecision::Allow("REQUESTER"), kRequester, false};
  return {auth::AccessDecision::Deny("NOT_A_PARTY"), {}, false};
}

referrals::v1::Referral AnswerOf(const Referral& referral, Actor parts, const std::string& view) {
  referrals::v1::Referral answer;
  *answer.mutable_facts() = FactsOf(referral);
  answer.set_view(view);
  for (const Move move : AvailableMoves(referral, parts)) {
    answer.add_available_moves(static_cast<codes::v1::ReferralMove>(static_cast<int>(move)));
  }
  answer.set_etag(EtagOf(referral));
  if (referral.requested_at) *answer.mutable_requested_at() = wire::ToTimestamp(*referral.requested_at);
  if (referral.received_at) *answer.mutable_received_at() = wire::ToTimestamp(*referral.received_at);
  if (referral.answered_at) *answer.mutable_answered_at() = wire::ToTimestamp(*referral.answered_at);
  if (referral.ended_at) *answer.mutable_ended_at() = wire::ToTimestamp(*referral.ended_at);
  answer.set_reject_reason(static_cast<codes::v1::RejectReason>(static_cast<int>(referral.reject_reason)));
  answer.set_outcome(static_cast<codes::v1::ReferralOutcome>(static_cast<int>(referral.outcome)));
  answer.set_accepted_unit_id(referral.unit);
  answer.set_cancel_requested(referral.cancel_requested);
  return answer;
}

std::string EtagOf(const Referral& referral) {
  return std::to_string(referral.sequence);
}

core::Status CheckEtag(const Referral& referral, const std::string& etag) {
  if (etag.empty() || etag == EtagOf(referral)) return {};
  return core::Fail(core::Errc::kConflict, "the referral changed meanwhile: read it again", "ETAG_STALE");
}

}  // namespace tilts::referral_routing
