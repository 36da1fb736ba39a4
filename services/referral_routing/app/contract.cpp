#include "referral_routing/app/contract.hpp"

#include "wire/codes.hpp"
#include "wire/time.hpp"

namespace tilts::referral_routing {
namespace {

using wire::Code;
using wire::CodesOf;

void Put(const std::optional<CityTime>& time, google::protobuf::Timestamp* (referrals::v1::StoredReferral::*field)(),
         referrals::v1::StoredReferral& stored) {
  if (time) *(stored.*field)() = wire::ToTimestamp(*time);
}

std::optional<CityTime> Take(bool present, const google::protobuf::Timestamp& timestamp) {
  if (!present) return std::nullopt;
  const auto time = wire::FromTimestamp(timestamp);
  return time ? std::optional(*time) : std::nullopt;
}

void TakeFacts(const referrals::v1::ReferralFacts& facts, Referral& referral) {
  referral.id = core::ReferralId(facts.referral_id());
  referral.case_id = core::CaseId(facts.case_id());
  referral.requester = InstitutionId(facts.requester_id());
  referral.recipient = InstitutionId(facts.recipient_id());
  referral.recipient_kind = Code<InstitutionKind>(facts.recipient_kind());
  referral.ask.kind = Code<ReferralKind>(facts.kind());
  referral.ask.duty = Code<Duty>(facts.duty());
  referral.ask.purpose = facts.purpose_code();
  referral.ask.urgency = Code<Urgency>(facts.urgency());
  referral.ask.rule_id = facts.rule_id();
  referral.ask.rule_version = facts.rule_version();
  referral.ask.legal_basis = facts.legal_basis();
  referral.state = Code<ReferralState>(facts.state());
  referral.overdue = facts.overdue();
  referral.sequence = facts.sequence();
  referral.due.acknowledge = Take(facts.has_acknowledge_due_at(), facts.acknowledge_due_at());
  referral.due.answer = Take(facts.has_answer_due_at(), facts.answer_due_at());
  referral.due.outcome = Take(facts.has_outcome_due_at(), facts.outcome_due_at());
  referral.calendar_version = facts.calendar_version();
  referral.stream = Code<Stream>(facts.stream());
}

}  // namespace

CaseFacts FromProto(const cases::v1::CaseFacts& proto) {
  CaseFacts facts;
  facts.stream = Code<Stream>(proto.stream());
  facts.concerns = CodesOf<Concern>(proto.concerns());
  facts.relation = Code<Relation>(proto.relation());
  facts.place = Code<Place>(proto.place());
  facts.aggravating = CodesOf<AggravatingFact>(proto.aggravating());
  facts.level = proto.level();
  facts.urgency = Code<Urgency>(proto.urgency());
  facts.age_years = proto.age_years();
  facts.school = InstitutionId(proto.school_id());
  facts.residence_municipality = proto.residence_municipality();
  facts.place_municipality = proto.place_municipality();
  facts.in_out_of_family_care = proto.in_out_of_family_care();
  facts.staff_alleged = proto.staff_alleged();
  facts.staff_institution = InstitutionId(proto.staff_institution_id());
  facts.coordinator = InstitutionId(proto.coordinator_id());
  return facts;
}

referrals::v1::ReferralFacts FactsOf(const Referral& referral) {
  referrals::v1::ReferralFacts facts;
  facts.set_referral_id(referral.id.value());
  facts.set_case_id(referral.case_id.value());
  facts.set_requester_id(referral.requester.value());
  facts.set_recipient_id(referral.recipient.value());
  facts.set_recipient_kind(Code<codes::v1::InstitutionKind>(referral.recipient_kind));
  facts.set_kind(Code<codes::v1::ReferralKind>(referral.ask.kind));
  facts.set_duty(Code<codes::v1::Duty>(referral.ask.duty));
  facts.set_purpose_code(referral.ask.purpose);
  facts.set_urgency(Code<codes::v1::Urgency>(referral.ask.urgency));
  facts.set_state(Code<codes::v1::ReferralState>(referral.state));
  facts.set_overdue(referral.overdue);
  facts.set_sequence(referral.sequence);
  if (referral.due.acknowledge) *facts.mutable_acknowledge_due_at() = wire::ToTimestamp(*referral.due.acknowledge);
  if (referral.due.answer) *facts.mutable_answer_due_at() = wire::ToTimestamp(*referral.due.answer);
  if (referral.due.outcome) *facts.mutable_outcome_due_at() = wire::ToTimestamp(*referral.due.outcome);
  facts.set_rule_id(referral.ask.rule_id);
  facts.set_rule_version(referral.ask.rule_version);
  facts.set_legal_basis(referral.ask.legal_basis);
  facts.set_calendar_version(referral.calendar_version);
  facts.set_stream(Code<codes::v1::Stream>(referral.stream));
  return facts;
}

referrals::v1::StoredReferral ToStored(const Referral& referral) {
  using Stored = referrals::v1::StoredReferral;
  Stored stored;
  *stored.mutable_facts() = FactsOf(referral);
  stored.set_before_hold(Code<codes::v1::ReferralState>(referral.before_hold));
  stored.set_cancel_requested(referral.cancel_requested);
  stored.set_policy_id(referral.ask.policy_id);
  for (const InstitutionKind kind : referral.ask.recipient_kinds) {
    stored.add_recipient_kinds(Code<codes::v1::InstitutionKind>(kind));
  }
  stored.set_territory(referral.ask.territory);
  stored.set_tells_parents(referral.ask.tells_parents);
  stored.set_replaced_referral_id(referral.replaced.value());
  stored.set_calendar_id(referral.calendar_id);
  Put(referral.requested_at, &Stored::mutable_requested_at, stored);
  Put(referral.received_at, &Stored::mutable_received_at, stored);
  Put(referral.answered_at, &Stored::mutable_answered_at, stored);
  Put(referral.ended_at, &Stored::mutable_ended_at, stored);
  for (const calendar::Hold& hold : referral.holds) {
    auto& added = *stored.add_holds();
    *added.mutable_from() = wire::ToTimestamp(hold.from);
    *added.mutable_to() = wire::ToTimestamp(hold.to);
  }
  stored.set_role(referral.role);
  stored.set_unit(referral.unit);
  stored.set_reject_reason(Code<codes::v1::RejectReason>(referral.reject_reason));
  stored.set_outcome(Code<codes::v1::ReferralOutcome>(referral.outcome));
  for (const std::string& code : referral.measure_codes) stored.add_measure_codes(code);
  return stored;
}

Referral FromStored(const referrals::v1::StoredReferral& stored) {
  Referral referral;
  TakeFacts(stored.facts(), referral);
  referral.before_hold = Code<ReferralState>(stored.before_hold());
  referral.cancel_requested = stored.cancel_requested();
  referral.ask.policy_id = stored.policy_id();
  for (const int kind : stored.recipient_kinds())
    referral.ask.recipient_kinds.push_back(static_cast<InstitutionKind>(kind));
  referral.ask.territory = stored.territory();
  referral.ask.tells_parents = stored.tells_parents();
  referral.replaced = core::ReferralId(stored.replaced_referral_id());
  referral.calendar_id = stored.calendar_id();
  referral.requested_at = Take(stored.has_requested_at(), stored.requested_at());
  referral.received_at = Take(stored.has_received_at(), stored.received_at());
  referral.answered_at = Take(stored.has_answered_at(), stored.answered_at());
  referral.ended_at = Take(stored.has_ended_at(), stored.ended_at());
  for (const auto& hold : stored.holds()) {
    referral.holds.push_back(
        {Take(true, hold.from()).value_or(CityTime{}), Take(true, hold.to()).value_or(CityTime{})});
  }
  referral.role = stored.role();
  referral.unit = stored.unit();
  referral.reject_reason = Code<RejectReason>(stored.reject_reason());
  referral.outcome = Code<Outcome>(stored.outcome());
  referral.measure_codes = {stored.measure_codes().begin(), stored.measure_codes().end()};
  return referral;
}

codes::v1::Purpose PurposeOf(Stream stream) {
  return stream == Stream::kPmp ? codes::v1::PURPOSE_PMP : codes::v1::PURPOSE_PROTECTION;
}

}  // namespace tilts::referral_routing
