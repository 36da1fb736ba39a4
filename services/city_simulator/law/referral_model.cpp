#include "city_simulator/law/referral_model.hpp"

#include <algorithm>

namespace tilts::city_simulator {

using namespace tilts::codes::v1;  // NOLINT: a state machine in the contracts' words

bool ReferralModel::is_waiting() const {
  return state == REFERRAL_STATE_REQUESTED || state == REFERRAL_STATE_RECEIVED;
}

bool ReferralModel::is_accepted() const {
  return state == REFERRAL_STATE_ACCEPTED || state == REFERRAL_STATE_IN_PROGRESS || state == REFERRAL_STATE_ON_HOLD;
}

bool ReferralModel::is_open() const {
  if (is_notice()) return state == REFERRAL_STATE_REQUESTED;
  return is_waiting() || is_accepted();
}

namespace {

bool Working(const ReferralModel& referral) {
  return referral.state == REFERRAL_STATE_ACCEPTED || referral.state == REFERRAL_STATE_IN_PROGRESS;
}

// Where a move leads; UNSPECIFIED: nowhere from here.
ReferralState Target(const ReferralModel& referral, ReferralMove move) {
  const auto when = [](bool possible, ReferralState to) { return possible ? to : REFERRAL_STATE_UNSPECIFIED; };
  const bool act = !referral.is_notice();
  switch (move) {
    case REFERRAL_MOVE_ACKNOWLEDGE:
      if (referral.state == REFERRAL_STATE_REQUESTED) return REFERRAL_STATE_RECEIVED;
      return when(referral.state == REFERRAL_STATE_RECEIVED || referral.is_accepted(), referral.state);
    case REFERRAL_MOVE_ACCEPT: return when(act && referral.is_waiting(), REFERRAL_STATE_ACCEPTED);
    case REFERRAL_MOVE_REJECT: return when(act && referral.is_waiting(), REFERRAL_STATE_REJECTED);
    case REFERRAL_MOVE_START: return when(referral.state == REFERRAL_STATE_ACCEPTED, REFERRAL_STATE_IN_PROGRESS);
    case REFERRAL_MOVE_HOLD: return when(Working(referral), REFERRAL_STATE_ON_HOLD);
    case REFERRAL_MOVE_RESUME: return when(referral.state == REFERRAL_STATE_ON_HOLD, referral.before_hold);
    case REFERRAL_MOVE_COMPLETE: return when(Working(referral), REFERRAL_STATE_COMPLETED);
    case REFERRAL_MOVE_FAIL: return when(Working(referral), REFERRAL_STATE_FAILED);
    case REFERRAL_MOVE_CANCEL: return when(referral.is_open() && !referral.is_accepted(), REFERRAL_STATE_CANCELLED);
    case REFERRAL_MOVE_EXPIRE:
      return when(act ? referral.is_replaceable() && referral.is_waiting() : referral.state == REFERRAL_STATE_REQUESTED,
                  REFERRAL_STATE_EXPIRED);
    default: return REFERRAL_STATE_UNSPECIFIED;
  }
}

std::optional<Clock> RunningClock(const ReferralModel& referral) {
  if (!referral.is_open()) return std::nullopt;
  if (referral.state == REFERRAL_STATE_REQUESTED) return Clock::kAcknowledge;
  return referral.state == REFERRAL_STATE_RECEIVED ? Clock::kAnswer : Clock::kOutcome;
}

Instant RunningSince(const ReferralModel& referral, Clock clock) {
  if (clock == Clock::kAcknowledge) return referral.requested;
  if (clock == Clock::kAnswer) return referral.received.value_or(referral.requested);
  Instant since = referral.answered.value_or(referral.requested);
  for (const Pause& pause : referral.pauses) since = std::max(since, pause.to);
  return since;
}

}  // namespace

bool Apply(ReferralModel& referral, const MoveModel& move, Instant at, bool& changed) {
  const ReferralState to = Target(referral, move.move);
  changed = to != referral.state;
  if (to == REFERRAL_STATE_UNSPECIFIED) return false;
  // Capacity is no reason to refuse what the law lays on one institution alone.
  if (move.reject_reason == REJECT_REASON_AT_CAPACITY && !referral.is_replaceable()) return false;
  if (!changed) return true;
  const ReferralState from = referral.state;
  referral.state = to;
  const bool seen_by_somebody =
      to == REFERRAL_STATE_RECEIVED || to == REFERRAL_STATE_ACCEPTED || to == REFERRAL_STATE_REJECTED;
  if (from == REFERRAL_STATE_REQUESTED && seen_by_somebody) referral.received = at;
  if (move.move == REFERRAL_MOVE_ACCEPT || move.move == REFERRAL_MOVE_REJECT) referral.answered = at;
  if (move.move == REFERRAL_MOVE_ACCEPT) referral.overdue = false;
  if (move.move == REFERRAL_MOVE_REJECT) referral.reject_reason = move.reject_reason;
  if (move.move == REFERRAL_MOVE_COMPLETE) referral.outcome = move.outcome;
  if (move.move == REFERRAL_MOVE_HOLD) {
    referral.before_hold = from;
    referral.pauses.push_back({at, *move.resume_at});
  }
  if (move.move == REFERRAL_MOVE_RESUME) {
    referral.before_hold = REFERRAL_STATE_UNSPECIFIED;
    referral.pauses.back().to = std::min(referral.pauses.back().to, at);
  }
  const bool notice_is_done = referral.is_notice() && to == REFERRAL_STATE_RECEIVED;
  if (!referral.is_open() || notice_is_done) referral.ended = at;
  return true;
}

void SetDueTimes(ReferralModel& referral, const DeadlineBook& book, Follows follows) {
  for (const Clock clock : {Clock::kAcknowledge, Clock::kAnswer, Clock::kOutcome}) {
    const ClockTerm* term = book.TermOf(referral.ask.policy, clock);
    if (term == nullptr || (referral.is_notice() && clock != Clock::kAcknowledge)) continue;
    referral.due[clock] = clock == Clock::kOutcome ? DueAt(term->term, referral.requested, referral.pauses, follows)
                                                   : DueAt(term->term, referral.requested, follows);
  }
}

std::optional<NextRung> NextRungOf(const ReferralModel& referral, const DeadlineBook& book, Follows follows) {
  const auto clock = RunningClock(referral);
  if (!clock || !referral.due.contains(*clock)) return std::nullopt;
  const ClockTerm* term = book.TermOf(referral.ask.policy, *clock);
  Running running{referral.requested, RunningSince(referral, *clock), referral.due.at(*clock), 0};
  if (*clock == Clock::kOutcome && !referral.pauses.empty() && !term->term.by_clock()) {
    const auto last_day = [](Instant due) { return InRiga(due - std::chrono::microseconds{1}).day; };
    const Instant unpaused = DueAt(term->term, referral.requested, follows);
    running.paused_working_days = WorkingDaysBetween(follows, last_day(unpaused), last_day(running.due));
  }
  const auto planned = Climb(book.LadderOf(term->ladder), term->term, running, follows);
  std::optional<NextRung> next;
  const auto fired = referral.fired.find(*clock);
  for (auto each = planned.rbegin(); each != planned.rend(); ++each) {
    if (fired != referral.fired.end() && fired->second.contains(each->rung->id)) break;
    next = NextRung{*clock, each->rung, each->at};
  }
  return next;
}

}  // namespace tilts::city_simulator
