#include "referral_routing/domain/plan.hpp"

#include <algorithm>
#include <utility>

namespace tilts::referral_routing {
namespace {

Ask MakeAsk(const Wanted& wanted, const Situation& situation) {
  const Action& action = *wanted.action;
  return {.purpose = action.purpose,
          .kind = action.kind,
          .duty = action.duty,
          .urgency = action.urgency,
          .policy_id = action.policy_id,
          .rule_id = wanted.rule->id,
          .rule_version = wanted.rule->version,
          .legal_basis = wanted.rule->legal_basis,
          .recipient_kinds = action.recipients,
          .territory = ResolveTerritory(action.territory, situation),
          .tells_parents = action.tells_parents};
}

std::set<InstitutionId> Forbidden(const Evaluation& evaluation, const Situation& situation) {
  if (!evaluation.never.contains(Never::kStaffInstitution) || situation.facts.staff_institution.empty()) return {};
  return {situation.facts.staff_institution};
}

const Institution* Choose(const Ask& ask, const Evaluation& evaluation, const Situation& situation,
                          const std::vector<Institution>& institutions, const std::vector<Referral>& existing) {
  RecipientQuery query{ask.recipient_kinds, ask.duty, ask.territory, situation.facts.school, {}, {}, situation.at};
  for (const Referral& referral : existing) {
    if (referral.ask.purpose == ask.purpose) query.tried.insert(referral.recipient);
  }
  query.forbidden = Forbidden(evaluation, situation);
  return ChooseRecipient(institutions, query);
}

Planned SendTo(const Institution& recipient, Ask ask, const Situation& situation, core::ReferralId replaces) {
  return {std::move(ask), situation.facts.coordinator, recipient.id, recipient.kind, std::move(replaces)};
}

// The coordinator's task in place of what nobody takes; once per purpose.
void AddTask(Plan& plan, const Ask& unserved, const Situation& situation, const std::vector<Institution>& institutions,
             const std::vector<Referral>& existing, const core::ReferralId& replaces) {
  Ask task = unserved;
  task.purpose = kTaskPrefix + unserved.purpose;
  task.kind = ReferralKind::kInform;
  task.duty = Duty::kExclusive;
  task.policy_id = kTaskPolicy;
  task.tells_parents = false;
  const auto open = [&](const Referral& r) { return r.ask.purpose == task.purpose && IsOpen(r); };
  if (std::ranges::any_of(existing, open)) return;
  plan.exhausted.push_back(unserved);
  const Institution* coordinator = FindInstitution(institutions, situation.facts.coordinator);
  const auto kind = coordinator != nullptr ? coordinator->kind : InstitutionKind::kUnspecified;
  plan.sends.push_back({std::move(task), situation.facts.coordinator, situation.facts.coordinator, kind, replaces});
}

const Referral* LatestOf(const std::string& purpose, const std::vector<Referral>& existing) {
  const Referral* found = nullptr;
  for (const Referral& referral : existing) {
    if (referral.ask.purpose != purpose) continue;
    if (found == nullptr || IsOpen(referral) || !IsOpen(*found)) found = &referral;
  }
  return found;
}

// Sent before it was known that it must not be.
bool IsForbiddenNow(const Referral& sent, const Evaluation& evaluation, const Situation& situation) {
  if (!IsOpen(sent) || IsAccepted(sent.state)) return false;
  return (sent.ask.tells_parents && evaluation.never.contains(Never::kParents)) ||
         Forbidden(evaluation, situation).contains(sent.recipient);
}

bool MustSupersede(const Referral& earlier, const Ask& ask) {
  return IsOpen(earlier) && !IsAccepted(earlier.state) && earlier.ask.urgency < ask.urgency;
}

}  // namespace

std::string ResolveTerritory(TerritoryKey key, const Situation& situation) {
  const CaseFacts& facts = situation.facts;
  switch (key) {
    case TerritoryKey::kPlaceOfEvent:
      if (!facts.place_municipality.empty()) return facts.place_municipality;
      break;
    case TerritoryKey::kDeclaredResidence:
      if (!facts.residence_municipality.empty()) return facts.residence_municipality;
      break;
    case TerritoryKey::kSchool:
    case TerritoryKey::kCity: break;
  }
  return situation.home;
}

Plan PlanCase(const Evaluation& evaluation, const Situation& situation, const std::vector<Institution>& institutions,
              const std::vector<Referral>& existing) {
  Plan plan;
  for (const Referral& sent : existing) {
    if (IsForbiddenNow(sent, evaluation, situation)) plan.withdrawn.push_back(sent.id);
  }
  const Wanted* unserved = nullptr;
  for (const Wanted& wanted : evaluation.wanted) {
    const Ask ask = MakeAsk(wanted, situation);
    const Referral* earlier = LatestOf(ask.purpose, existing);
    const bool barred = earlier != nullptr && IsForbiddenNow(*earlier, evaluation, situation);
    if (earlier != nullptr && (barred || !MustSupersede(*earlier, ask))) continue;
    if (earlier != nullptr) {
      plan.withdrawn.push_back(earlier->id);
      plan.sends.push_back({ask, situation.facts.coordinator, earlier->recipient, earlier->recipient_kind, {}});
    } else if (const Institution* recipient = Choose(ask, evaluation, situation, institutions, existing)) {
      plan.sends.push_back(SendTo(*recipient, ask, situation, {}));
    } else if (ask.kind == ReferralKind::kAct) {
      AddTask(plan, ask, situation, institutions, existing, {});
    } else if (unserved == nullptr) {
      unserved = &wanted;
    }
  }
  const bool reaches_nobody = plan.sends.empty() && existing.empty();
  if (reaches_nobody && unserved != nullptr) {
    AddTask(plan, MakeAsk(*unserved, situation), situation, institutions, existing, {});
  }
  return plan;
}

Plan PlanReplacement(const Referral& ended, const Evaluation& evaluation, const Situation& situation,
                     const std::vector<Institution>& institutions, const std::vector<Referral>& existing) {
  Plan plan;
  const bool left_alone = ended.state == ReferralState::kRejected || ended.state == ReferralState::kExpired;
  if (!left_alone || ended.ask.kind != ReferralKind::kAct || ended.reject_reason == RejectReason::kDuplicate)
    return plan;
  const auto taken = [&](const Referral& r) {
    return r.ask.purpose == ended.ask.purpose && IsOpen(r) && r.id != ended.id;
  };
  if (std::ranges::any_of(existing, taken)) return plan;
  if (const Institution* recipient = Choose(ended.ask, evaluation, situation, institutions, existing)) {
    plan.sends.push_back(SendTo(*recipient, ended.ask, situation, ended.id));
  } else {
    AddTask(plan, ended.ask, situation, institutions, existing, ended.id);
  }
  return plan;
}

}  // namespace tilts::referral_routing
