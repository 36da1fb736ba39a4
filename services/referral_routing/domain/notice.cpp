#include "referral_routing/domain/notice.hpp"

#include <utility>

namespace tilts::referral_routing {
namespace {

Ask AskOf(std::string purpose, const CrossedLimit& limit, InstitutionKind recipient) {
  return {.purpose = std::move(purpose),
          .kind = ReferralKind::kInform,
          .duty = Duty::kExclusive,
          .urgency = Urgency::kRoutine,
          .policy_id = kNoticePolicy,
          .rule_id = kAbsenceLimitRule,
          .rule_version = 1,
          .legal_basis = limit.legal_basis,
          .recipient_kinds = {recipient},
          .territory = limit.municipality};
}

}  // namespace

bool IsStatutoryNotice(const Referral& referral) {
  return referral.ask.rule_id == kAbsenceLimitRule;
}

core::Result<std::vector<Planned>> PlanNotice(const CrossedLimit& limit, const std::vector<Institution>& institutions,
                                              CityTime at) {
  const Institution* school = FindInstitution(institutions, limit.school);
  if (school == nullptr) {
    return core::Fail(core::Errc::kRefused, "the directory does not know the school of a statutory notice",
                      "SCHOOL_UNKNOWN");
  }
  const RecipientQuery query{
      {InstitutionKind::kEducationAuthority}, Duty::kExclusive, limit.municipality, limit.school, {}, {}, at};
  const Institution* authority = ChooseRecipient(institutions, query);
  if (authority == nullptr) {
    return core::Fail(core::Errc::kRefused, "the directory has no education authority for the school's municipality",
                      "AUTHORITY_UNKNOWN");
  }
  return std::vector<Planned>{
      {AskOf(kAbsenceNotice, limit, authority->kind), school->id, authority->id, authority->kind, {}},
      {AskOf(kAbsenceTask, limit, school->kind), authority->id, school->id, school->kind, {}}};
}

Retraction PlanRetraction(const std::vector<Referral>& existing) {
  Retraction retraction;
  for (const Referral& sent : existing) {
    const bool notice = sent.ask.purpose == kAbsenceNotice;
    if (!notice && sent.ask.purpose != kAbsenceTask) continue;
    if (sent.state == ReferralState::kRequested) retraction.withdrawn.push_back(sent.id);
    if (sent.state != ReferralState::kReceived) continue;
    Ask ask = sent.ask;
    ask.purpose = notice ? kAbsenceNoticeRetracted : kAbsenceTaskRetracted;
    retraction.sends.push_back({std::move(ask), sent.requester, sent.recipient, sent.recipient_kind, {}});
  }
  return retraction;
}

}  // namespace tilts::referral_routing
