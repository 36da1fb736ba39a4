// The part of the world that time alone moves, and the names of things in the ledger.
#include <algorithm>

#include "city_simulator/law/world.hpp"

namespace tilts::city_simulator {

using namespace tilts::codes::v1;  // NOLINT: the law in the contracts' words

std::string World::FirstOf(InstitutionKind kind, const std::string& municipality, Instant at) const {
  const std::string found = directory_.Choose({{kind}, false, municipality, {}, {}, at});
  const auto* institution = directory_.Find(found);
  return institution != nullptr && institution->kind() == kind ? found : std::string();
}

std::set<std::string> World::Audience(const ReferralModel& referral, const Rung& rung, bool any_hour,
                                      Instant at) const {
  const CaseModel& file = cases_[referral.case_index];
  const auto* recipient = directory_.Find(referral.recipient);
  const auto* police = directory_.Find(FirstOf(INSTITUTION_KIND_STATE_POLICE, referral.territory, at));
  const std::string on_duty = police != nullptr && police->round_the_clock() ? police->institution_id() : std::string();
  const bool sleeps =
      recipient != nullptr && !recipient->round_the_clock() && !IsOffice(at, directory_.CalendarOf(referral.recipient));
  const std::string& coordinator = file.is_notice ? file.picture.school : file.picture.coordinator;
  std::set<std::string> told;
  for (const std::string& audience : rung.audience) {
    std::string who;
    // A duty of the hour or the day moves to the body on duty while its bearer sleeps.
    if (audience == "AUDIENCE_RECIPIENT") who = any_hour && sleeps && !on_duty.empty() ? on_duty : referral.recipient;
    if (audience == "AUDIENCE_RECIPIENT_HEAD") who = referral.recipient;
    if (audience == "AUDIENCE_COORDINATOR") who = coordinator == referral.recipient ? referral.requester : coordinator;
    if (audience == "AUDIENCE_GROUP") who = FirstOf(INSTITUTION_KIND_COOPERATION_GROUP, file.municipality, at);
    if (audience == "AUDIENCE_DUTY_BODY") who = on_duty;
    if (audience == "AUDIENCE_SUPERVISOR" && recipient != nullptr) who = recipient->supervisor_id();
    const bool barred = file.picture.staff_alleged && who == file.picture.staff_institution;
    if (!who.empty() && !barred) told.insert(who);
  }
  return told;
}

void World::Fire(std::size_t index, const NextRung& next, Instant at) {
  ReferralModel& referral = referrals_[index];
  referral.fired[next.clock].insert(next.rung->id);
  const bool expires = next.rung->last && referral.is_waiting() && referral.is_replaceable();
  if (next.rung->last && !expires) referral.overdue = true;
  ++referral.sequence;
  const std::string text = std::string(next.rung->reminder ? "tilts.referral.reminder" : "tilts.referral.escalated") +
                           " " + referral.key + " #" + std::to_string(referral.sequence) + " " + next.rung->id;
  const bool any_hour =
      books_.deadlines.LadderOf(books_.deadlines.TermOf(referral.ask.policy, next.clock)->ladder).any_hour;
  escalations_.push_back(EscalationEntry(next.rung->id, referral.key, referral.sequence, at));
  const bool imminent = referral.ask.urgency == URGENCY_IMMINENT;
  std::set<std::string> told = Audience(referral, *next.rung, any_hour, at);
  for (const std::string& institution : told) TellOne(institution, text, true, next.rung->channel, imminent, at);
  for (const std::string& party : {referral.recipient, referral.requester}) {
    if (told.insert(party).second) TellOne(party, text, false, 1, imminent, at);
  }
  if (expires)
    Move(index, {REFERRAL_MOVE_EXPIRE, {}, REJECT_REASON_UNSPECIFIED, REFERRAL_OUTCOME_UNSPECIFIED, std::nullopt}, at);
}

std::string World::EscalationEntry(const std::string& rung, const std::string& referral, std::uint64_t sequence,
                                   Instant at) {
  return rung + " of " + referral + " #" + std::to_string(sequence) + " at " + Write(at);
}

std::string World::CaseEntry(const CaseModel& file) const {
  std::string text =
      file.key + " " + (file.closed ? CaseOutcome_Name(file.outcome) : "open") + " since " + ForPeople(file.opened);
  std::vector<unsigned> reports = file.reports;
  std::sort(reports.begin(), reports.end());
  for (const unsigned report : reports) text += " report-" + std::to_string(report);
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
