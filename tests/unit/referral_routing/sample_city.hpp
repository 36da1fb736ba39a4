#pragma once

#include "referral_routing/domain/plan.hpp"

// A small city and one-rule rule sets for tests of routing plans.
namespace tilts::referral_routing::testing {

inline constexpr auto kCrisisCentre = static_cast<InstitutionKind>(8);
inline constexpr auto kSocialService = static_cast<InstitutionKind>(3);
inline const core::CityTime kAt = core::ParseRfc3339("2026-03-02T08:30:00Z").value();

inline Institution Make(std::string id, InstitutionKind kind, std::string territory = "LV-RIX",
                        unsigned preference = 0) {
  Institution institution;
  institution.id = InstitutionId(std::move(id));
  institution.kind = kind;
  institution.municipality = territory;
  institution.territory = {std::move(territory)};
  institution.preference = preference;
  return institution;
}

inline std::vector<Institution> City() {
  return {Make("centre-1", kCrisisCentre, "LV-RIX", 1), Make("centre-2", kCrisisCentre, "LV-RIX", 2),
          Make("social", kSocialService), Make("school-1", InstitutionKind::kSchool),
          Make("jurmala", InstitutionKind::kOtherMunicipality, "LV-JUR")};
}

inline Situation InRiga() {
  Situation situation;
  situation.facts.stream = Stream::kViolence;
  situation.facts.coordinator = InstitutionId("school-1");
  situation.facts.school = InstitutionId("school-1");
  situation.home = "LV-RIX";
  situation.at = kAt;
  return situation;
}

inline Action MakeAction(InstitutionKind kind, std::string purpose, Duty duty,
                         ReferralKind referral_kind = ReferralKind::kAct) {
  return {.recipients = {kind},
          .purpose = std::move(purpose),
          .kind = referral_kind,
          .urgency = Urgency::kUrgent,
          .duty = duty,
          .territory = TerritoryKey::kDeclaredResidence,
          .policy_id = "ordinary"};
}

inline RuleSet OneRule(std::vector<Action> actions, std::set<Never> never = {}) {
  Rule rule;
  rule.id = "rule";
  rule.version = 4;
  rule.legal_basis = "law";
  rule.then = std::move(actions);
  rule.never = std::move(never);
  return RuleSet("1", {rule});
}

inline Referral Sent(const Planned& planned, std::string id, ReferralState state = ReferralState::kRequested) {
  Referral referral;
  referral.id = core::ReferralId(std::move(id));
  referral.ask = planned.ask;
  referral.recipient = planned.recipient;
  referral.recipient_kind = planned.recipient_kind;
  referral.requester = planned.requester;
  referral.state = state;
  return referral;
}

}  // namespace tilts::referral_routing::testing
