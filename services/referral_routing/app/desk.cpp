#include "referral_routing/app/desk.hpp"

#include <algorithm>
#include <utility>

#include "backbone/audit.hpp"
#include "calendar/open_time.hpp"
#include "referral_routing/app/contract.hpp"
#include "wire/codes.hpp"
#include "wire/time.hpp"

namespace tilts::referral_routing {
namespace {

using core::Result;
using core::Status;
using wire::Code;

// Must not hear of what is done about its own staff.
bool IsBarred(const CaseFacts& facts, const InstitutionId& id) {
  return facts.staff_alleged && !facts.staff_institution.empty() && id == facts.staff_institution;
}

}  // namespace

Result<Situation> Desk::CurrentSituation() const {
  return directory_.SituationOf(FromProto(record_.facts), occasion_.now);
}

Status Desk::Route() {
  TILTS_ASSIGN(const Situation situation, CurrentSituation());
  TILTS_ASSIGN(const auto existing, store_.ReferralsOf(record_.id));
  const Evaluation evaluation = data_.rules.Evaluate(situation);
  return Perform(PlanCase(evaluation, situation, directory_.institutions(), existing));
}

Status Desk::Replace(const Referral& ended) {
  if (!record_.open()) return {};
  TILTS_ASSIGN(const Situation situation, CurrentSituation());
  TILTS_ASSIGN(const auto existing, store_.ReferralsOf(record_.id));
  const Evaluation evaluation = data_.rules.Evaluate(situation);
  return Perform(PlanReplacement(ended, evaluation, situation, directory_.institutions(), existing));
}

Status Desk::Perform(const Plan& plan) {
  for (const core::ReferralId& id : plan.withdrawn) TILTS_CHECK(Withdraw(id));
  for (const Planned& planned : plan.sends) TILTS_CHECK(Send(planned));
  return {};
}

Status Desk::Withdraw(const core::ReferralId& id) {
  TILTS_ASSIGN(const auto earlier, store_.LoadReferral(id));
  if (!earlier) return {};
  MoveRequest cancel;
  cancel.move = Move::kCancel;
  TILTS_CHECK(Make(*earlier, cancel, Actor::System(), {}, {}));
  return {};
}

Status Desk::Send(const Planned& planned) {
  TILTS_ASSIGN(const auto existing, store_.ReferralsOf(record_.id));
  const auto same = [&](const Referral& r) {
    return r.ask.purpose == planned.ask.purpose && r.recipient == planned.recipient;
  };
  const auto attempt = static_cast<unsigned>(std::ranges::count_if(existing, same)) + 1;
  Referral draft;
  draft.id = ReferralIdOf(record_.id, planned.ask.purpose, planned.recipient, attempt);
  draft.case_id = record_.id;
  draft.stream = Code<Stream>(record_.facts.stream());
  draft.requester = planned.requester;
  draft.recipient = planned.recipient;
  draft.recipient_kind = planned.recipient_kind;
  draft.ask = planned.ask;
  draft.replaced = planned.replaces;
  draft.state = ReferralState::kDraft;
  MoveRequest send;
  send.move = Move::kSend;
  TILTS_ASSIGN(MoveResult sent, MakeMove(draft, send, Actor::System(), occasion_.now));
  Referral& referral = sent.referral;
  TILTS_CHECK(SetDueTimes(referral));
  TILTS_CHECK(store_.InsertReferral(referral));
  Touch(referral);
  TILTS_CHECK(PublishMove(referral, Move::kSend, {}, {}));
  if (planned.ask.purpose.starts_with(kTaskPrefix)) {
    TILTS_CHECK(PublishExhausted(referral, planned.replaces));
    TILTS_CHECK(store_.UpdateReferral(referral));
  }
  return Reschedule(referral);
}

Result<Desk::Moved> Desk::Make(const Referral& before, const MoveRequest& request, Actor actor,
                               const InstitutionId& acting_institution, const std::string& note_id) {
  TILTS_ASSIGN(MoveResult result, MakeMove(before, request, actor, occasion_.now));
  if (!result.changed) return Moved{std::move(result.referral), false};
  if (request.move == Move::kHold || request.move == Move::kResume) TILTS_CHECK(SetDueTimes(result.referral));
  TILTS_CHECK(store_.UpdateReferral(result.referral));
  Touch(result.referral);
  TILTS_CHECK(PublishMove(result.referral, request.move, acting_institution, note_id));
  TILTS_CHECK(Reschedule(result.referral));
  if (request.move == Move::kReject || request.move == Move::kExpire) TILTS_CHECK(Replace(result.referral));
  return Moved{std::move(result.referral), true};
}

Status Desk::Escalate(Referral& referral, const ScheduledRung& rung, bool overdue) {
  referral.overdue = referral.overdue || overdue;
  ++referral.sequence;
  TILTS_CHECK(store_.UpdateReferral(referral));
  Touch(referral);
  referrals::v1::ReferralEscalated event;
  event.set_case_id(referral.case_id.value());
  *event.mutable_facts() = FactsOf(referral);
  event.set_ladder_id(rung.ladder->id);
  event.set_rung_id(rung.rung->id);
  event.set_clock(std::string(ToString(rung.clock)));
  *event.mutable_due_at() = wire::ToTimestamp(rung.at);
  for (const InstitutionId& id : Resolve(rung.rung->audience, referral, rung.ladder->any_hour)) {
    event.add_notify_institution_ids(id.value());
  }
  event.set_channel_order(rung.rung->channel);
  event.set_reminder(rung.rung->reminder);
  return Publish(event, referral);
}

Status Desk::HandOver(Referral referral) {
  const CaseFacts facts = FromProto(record_.facts);
  const InstitutionId before = std::exchange(referral.requester, facts.coordinator);
  ++referral.sequence;
  TILTS_CHECK(store_.UpdateReferral(referral));
  Touch(referral);
  referrals::v1::ReferralHandedOver event;
  event.set_case_id(referral.case_id.value());
  *event.mutable_facts() = FactsOf(referral);
  if (!IsBarred(facts, before)) event.set_previous_requester_id(before.value());
  return Publish(event, referral);
}

Status Desk::Recount(Referral& referral) {
  const std::string previous = referral.calendar_version;
  TILTS_CHECK(SetDueTimes(referral));
  ++referral.sequence;
  TILTS_CHECK(store_.UpdateReferral(referral));
  Touch(referral);
  referrals::v1::DeadlinesRecomputed event;
  event.set_case_id(referral.case_id.value());
  *event.mutable_facts() = FactsOf(referral);
  event.set_previous_calendar_version(previous);
  TILTS_CHECK(Publish(event, referral));
  return Reschedule(referral);
}

Status Desk::SetDueTimes(Referral& referral) {
  TILTS_ASSIGN(const calendar::Calendar calendar, directory_.CalendarOf(referral.recipient));
  referral.calendar_id = calendar.id();
  referral.calendar_version = calendar.version();
  const Policy* policy = data_.policies.FindPolicy(referral.ask.policy_id);
  if (policy == nullptr)
    return core::Fail(core::Errc::kInternal, "the deadline policy is not in the data", "POLICY_UNKNOWN");
  auto due = ComputeDue(*policy, referral, calendar);
  if (!due) {
    // A child is not left without help because a calendar ends: sent without clocks, counted with the next version.
    log_.Error("No deadline could be counted; load a calendar that covers the coming years",
               {{"referral_id", referral.id.value()}, {"calendar", calendar.id()}, {"reason", due.error().reason}});
    due = DueTimes{};
  }
  referral.due = *due;
  return {};
}

Status Desk::Reschedule(const Referral& referral) {
  TILTS_ASSIGN(const calendar::Calendar calendar, directory_.CalendarOf(referral.recipient));
  TILTS_ASSIGN(const FiredRungs fired, store_.FiredOf(referral.id));
  const auto next = NextRung(data_.policies, referral, calendar, fired);
  if (!next) {
    log_.Error("No next rung could be counted",
               {{"referral_id", referral.id.value()}, {"reason", next.error().reason}});
    return store_.SetDue(referral.id, std::nullopt);
  }
  if (!*next) return store_.SetDue(referral.id, std::nullopt);
  return store_.SetDue(referral.id, DueRung{std::string(ToString((*next)->clock)), (*next)->rung->id, (*next)->at});
}

Status Desk::PublishMove(const Referral& referral, Move move, const InstitutionId& actor, const std::string& note_id) {
  referrals::v1::ReferralMoved event;
  event.set_case_id(referral.case_id.value());
  event.set_move(Code<codes::v1::ReferralMove>(move));
  event.set_actor_institution_id(actor.value());
  *event.mutable_facts() = FactsOf(referral);
  event.set_reason_note_id(note_id);
  if (move == Move::kReject) event.set_reject_reason(Code<codes::v1::RejectReason>(referral.reject_reason));
  if (move == Move::kComplete) event.set_outcome(Code<codes::v1::ReferralOutcome>(referral.outcome));
  if (move == Move::kHold) *event.mutable_resume_at() = wire::ToTimestamp(referral.holds.back().to);
  if (move == Move::kSend) event.set_replaced_referral_id(referral.replaced.value());
  return Publish(event, referral);
}

Status Desk::PublishExhausted(Referral& task, const core::ReferralId& last) {
  ++task.sequence;
  referrals::v1::RoutingExhausted event;
  event.set_case_id(task.case_id.value());
  event.set_coordinator_id(task.recipient.value());
  if (!last.empty()) {
    TILTS_ASSIGN(const auto ended, store_.LoadReferral(last));
    if (ended) *event.mutable_last() = FactsOf(*ended);
  }
  return Publish(event, task);
}

Status Desk::Publish(const google::protobuf::Message& event, const Referral& referral) {
  TILTS_ASSIGN(const events::Draft draft, DraftOf(event, referral, record_, occasion_));
  return store_.Emit(draft);
}

std::vector<InstitutionId> Desk::Resolve(const std::vector<Audience>& audience, const Referral& referral,
                                         bool any_hour) const {
  const CaseFacts facts = FromProto(record_.facts);
  const auto duty_body = [&] { return directory_.DutyBody(referral.ask.territory, occasion_.now); };
  // At night and on days off a duty of the same day moves to the body that is on duty.
  const auto recipient = [&] {
    if (!any_hour) return referral.recipient;
    const auto calendar = directory_.CalendarOf(referral.recipient);
    const bool open = calendar && calendar::IsOpen(occasion_.now, *calendar).value_or(true);
    return open || duty_body().empty() ? referral.recipient : duty_body();
  };
  const auto supervisor = [&] {
    const Institution* institution = directory_.Find(referral.recipient);
    return institution == nullptr ? InstitutionId() : institution->supervisor;
  };
  // A coordinator that is silent itself is not the one to tell: who asked is.
  const InstitutionId& coordinator = facts.coordinator == referral.recipient ? referral.requester : facts.coordinator;
  std::vector<InstitutionId> found;
  for (const Audience who : audience) {
    InstitutionId id;
    switch (who) {
      case Audience::kRecipient: id = recipient(); break;
      case Audience::kRecipientHead: id = referral.recipient; break;
      case Audience::kCoordinator: id = coordinator; break;
      case Audience::kGroup: id = directory_.GroupOf(record_.municipality, occasion_.now); break;
      case Audience::kSupervisor: id = supervisor(); break;
      case Audience::kDutyBody: id = duty_body(); break;
    }
    if (!id.empty() && !IsBarred(facts, id) && std::ranges::find(found, id) == found.end()) found.push_back(id);
  }
  return found;
}

Status Desk::Audit(const char* handler, const char* reason, std::vector<std::string> objects) {
  if (touched_.empty()) return {};
  auth::AuditFacts facts;
  facts.chain_id = AuditChain(static_cast<Stream>(static_cast<int>(record_.facts.stream())));
  facts.touch = auth::Touch::kWrite;
  facts.object_ids = std::move(objects);
  facts.object_ids.insert(facts.object_ids.end(), touched_.begin(), touched_.end());
  facts.decision = auth::AccessDecision::Allow(reason);
  TILTS_ASSIGN(const events::Draft draft,
               backbone::AuditOfSystem(kServiceName, handler, occasion_.cause_id, 0, occasion_.now, facts));
  return store_.Emit(draft);
}

void Desk::Touch(const Referral& referral) {
  std::string object = "referral/" + referral.id.value();
  if (std::ranges::find(touched_, object) == touched_.end()) touched_.push_back(std::move(object));
}

}  // namespace tilts::referral_routing
