// The part of the world that time alone moves, and the names of things in the ledger.
#include "city_simulator/law/world.hpp"

namespace tilts::city_simulator {

using namespace tilts::codes::v1;  // NOLINT: the law in the contracts' words

std::set<std::string> World::Audience(const ReferralModel& referral, const Rung& rung, Instant at) const {
  std::set<std::string> told;
  const auto add = [&](const std::string& institution) {
    if (!institution.empty()) told.insert(institution);
  };
  const auto first_of = [&](InstitutionKind kind) {
    Directory::Search search{{kind}, false, OccasionOf(cases_[referral.case_index], at).home, {}, {}, at};
    return directory_.Choose(search);
  };
  for (const std::string& audience : rung.audience) {
    if (audience == "AUDIENCE_RECIPIENT" || audience == "AUDIENCE_RECIPIENT_HEAD") add(referral.recipient);
    if (audience == "AUDIENCE_COORDINATOR") add(referral.requester);
    if (audience == "AUDIENCE_GROUP") add(first_of(INSTITUTION_KIND_COOPERATION_GROUP));
    if (audience == "AUDIENCE_DUTY_BODY") add(first_of(INSTITUTION_KIND_STATE_POLICE));
    if (audience == "AUDIENCE_SUPERVISOR") {
      const auto* recipient = directory_.Find(referral.recipient);
      if (recipient != nullptr) add(recipient->supervisor_id());
    }
  }
  return told;
}

void World::Fire(std::size_t index, const NextRung& next, Instant at) {
  ReferralModel& referral = referrals_[index];
  referral.fired[next.clock].insert(next.rung->id);
  ++escalations_;
  const bool expires = next.rung->last && referral.is_waiting() && referral.is_replaceable();
  if (next.rung->last && !expires) referral.overdue = true;
  ++referral.sequence;
  const std::string text = std::string(next.rung->reminder ? "tilts.referral.reminder" : "tilts.referral.escalated") +
                           " " + referral.key + " #" + std::to_string(referral.sequence) + " " + next.rung->id;
  std::set<std::string> told = Audience(referral, *next.rung, at);
  for (const std::string& institution : told) TellOne(institution, text, true, next.rung->channel, at);
  for (const std::string& party : {referral.recipient, referral.requester}) {
    if (told.insert(party).second) TellOne(party, text, false, 1, at);
  }
  if (expires)
    Move(index, {REFERRAL_MOVE_EXPIRE, {}, REJECT_REASON_UNSPECIFIED, REFERRAL_OUTCOME_UNSPECIFIED, std::nullopt}, at);
}

std::string World::CaseEntry(const CaseModel& file) const {
  std::string text =
      file.key + " " + (file.closed ? CaseOutcome_Name(file.outcome) : "open") + " since " + ForPeople(file.opened);
  for (const unsigned report : file.reports) text += " report-" + std::to_string(report);
  return text + " " + Describe(file.picture);
}

std::string World::ReferralEntry(const ReferralModel& referral) const {
  std::string text = referral.key + " " + referral.requester + " -> " + referral.recipient + " by " +
                     referral.ask.rule + "@" + std::to_string(referral.ask.rule_version) + " " +
                     ReferralKind_Name(referral.ask.kind) + " " + Duty_Name(referral.ask.duty) + " " +
                     Urgency_Name(referral.ask.urgency) + " " + ReferralState_Name(referral.state) +
                     (referral.overdue ? " OVERDUE" : "") + " #" + std::to_string(referral.sequence) + " asked " +
                     Write(referral.requested);
  const auto add = [&](const char* what, const std::optional<Instant>& at) {
    if (at) text += std::string(" ") + what + " " + Write(*at);
  };
  add("received", referral.received);
  add("answered", referral.answered);
  add("ended", referral.ended);
  if (referral.reject_reason != REJECT_REASON_UNSPECIFIED) text += " " + RejectReason_Name(referral.reject_reason);
  if (referral.outcome != REFERRAL_OUTCOME_UNSPECIFIED) text += " " + ReferralOutcome_Name(referral.outcome);
  for (const auto& [clock, due] : referral.due) text += std::string(" ") + NameOf(clock) + " by " + Write(due);
  return text;
}

}  // namespace tilts::city_simulator
