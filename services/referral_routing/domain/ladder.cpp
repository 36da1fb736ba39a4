#include "referral_routing/domain/ladder.hpp"

#include <algorithm>

#include "calendar/open_time.hpp"

namespace tilts::referral_routing {
namespace {

using calendar::Calendar;
using core::Errc;
using core::Fail;
using core::Result;

// What a rung's time is computed from.
struct Term {
  const ClockRule& rule;
  const Ladder& ladder;
  CityTime start;    // requested: all clocks count from there
  CityTime running;  // when this clock began to run
  CityTime due;
  int paused_working_days = 0;
};

bool IsByClock(const calendar::Deadline& deadline) {
  return deadline.kind == calendar::DeadlineKind::kClock || deadline.kind == calendar::DeadlineKind::kSameDay ||
         deadline.kind == calendar::DeadlineKind::kEndOfSchoolDay;
}

std::int64_t TermDays(const calendar::Deadline& deadline) {
  if (IsByClock(deadline)) return 0;
  constexpr std::int64_t kDaysOfMonth = 30;
  return deadline.kind == calendar::DeadlineKind::kMonths ? deadline.amount * kDaysOfMonth : deadline.amount;
}

// Nothing but imminent danger and same-day duties fires at night or on a day off.
Result<CityTime> Polite(CityTime at, const Term& term, const Calendar& calendar) {
  return term.ladder.any_hour ? Result<CityTime>(at) : calendar::NextOpening(at, calendar);
}

Result<CityTime> PercentTime(const AtPercent& rung, const Term& term, const Calendar& calendar) {
  TILTS_ASSIGN(CityTime at, calendar::RungTime(rung.percent, term.rule.deadline, term.start, calendar));
  if (term.paused_working_days > 0) {
    TILTS_ASSIGN(at, calendar::OpeningOfWorkingDay(at, term.paused_working_days, calendar));
  }
  return Polite(at, term, calendar);
}

// Counted from the due time, or from when the clock began to run if it was late by then: whoever acknowledges late
// gets the ladder's own pace and not all its rungs at once.
Result<CityTime> AfterDueTime(const AfterDue& rung, const Term& term, const Calendar& calendar) {
  const CityTime base = std::max(term.due, term.running);
  TILTS_ASSIGN(const CityTime opening, Polite(base, term, calendar));
  if (rung.working_days == 0) return Polite(opening + std::chrono::seconds{rung.seconds}, term, calendar);
  return calendar::OpeningOfWorkingDay(opening, rung.working_days, calendar);
}

Result<CityTime> TimeOf(const Rung& rung, const Term& term, const Calendar& calendar) {
  if (const auto* percent = std::get_if<AtPercent>(&rung.at)) return PercentTime(*percent, term, calendar);
  if (const auto* after = std::get_if<AfterStart>(&rung.at)) {
    return Polite(term.start + std::chrono::seconds{after->seconds}, term, calendar);
  }
  return AfterDueTime(std::get<AfterDue>(rung.at), term, calendar);
}

bool LiesBeforeTheClock(const Rung& rung, CityTime at, const Term& term) {
  if (rung.last) return false;
  const auto* after = std::get_if<AfterDue>(&rung.at);
  const bool is_due_itself = after != nullptr && after->seconds == 0 && after->working_days == 0;
  return is_due_itself ? term.due <= term.running && term.running > term.start : at < term.running;
}

Result<bool> IsTooClose(const Rung& rung, CityTime at, const std::vector<ScheduledRung>& kept, const Term& term,
                        const Calendar& calendar) {
  if (!rung.reminder || kept.empty() || term.ladder.min_gap_working_days == 0) return false;
  TILTS_ASSIGN(const CityTime earliest,
               calendar::OpeningOfWorkingDay(kept.back().at, term.ladder.min_gap_working_days, calendar));
  return at < earliest;
}

CityTime RunningSince(const Referral& referral, ClockName clock) {
  const CityTime requested = referral.requested_at.value_or(CityTime{});
  switch (clock) {
    case ClockName::kAcknowledge: return requested;
    case ClockName::kAnswer: return referral.received_at.value_or(requested);
    case ClockName::kOutcome: break;
  }
  CityTime since = referral.answered_at.value_or(requested);
  for (const calendar::Hold& hold : referral.holds) since = std::max(since, hold.to);
  return since;
}

std::optional<CityTime> DueOf(const Referral& referral, ClockName clock) {
  switch (clock) {
    case ClockName::kAcknowledge: return referral.due.acknowledge;
    case ClockName::kAnswer: return referral.due.answer;
    case ClockName::kOutcome: return referral.due.outcome;
  }
  return std::nullopt;
}

Result<int> PausedWorkingDays(const ClockRule& rule, const Referral& referral, const Calendar& calendar) {
  if (referral.holds.empty() || IsByClock(rule.deadline)) return 0;
  using std::chrono::microseconds;
  TILTS_ASSIGN(const CityTime unpaused, calendar::Due(rule.deadline, *referral.requested_at, calendar));
  TILTS_ASSIGN(const CityTime paused, calendar::Due(rule.deadline, *referral.requested_at, calendar, referral.holds));
  return calendar.CountWorkingDays(calendar::RigaDate(unpaused - microseconds{1}),
                                   calendar::RigaDate(paused - microseconds{1}));
}

}  // namespace

Result<DueTimes> ComputeDue(const Policy& policy, const Referral& referral, const Calendar& calendar) {
  if (!referral.requested_at) return Fail(Errc::kInternal, "a referral that was not sent has no clocks", "NOT_SENT");
  DueTimes due;
  for (const auto& [name, rule] : policy.clocks) {
    if (name == ClockName::kOutcome) {
      TILTS_ASSIGN(due.outcome, calendar::Due(rule.deadline, *referral.requested_at, calendar, referral.holds));
      continue;
    }
    TILTS_ASSIGN(const CityTime at, calendar::Due(rule.deadline, *referral.requested_at, calendar));
    (name == ClockName::kAcknowledge ? due.acknowledge : due.answer) = at;
  }
  if (referral.ask.kind == ReferralKind::kInform) due.answer = due.outcome = std::nullopt;
  return due;
}

std::optional<ClockName> RunningClock(const Referral& referral) {
  if (!IsOpen(referral)) return std::nullopt;
  switch (referral.state) {
    case ReferralState::kRequested: return ClockName::kAcknowledge;
    case ReferralState::kReceived: return ClockName::kAnswer;
    case ReferralState::kAccepted:
    case ReferralState::kInProgress:
    case ReferralState::kOnHold: return ClockName::kOutcome;
    default: return std::nullopt;
  }
}

Result<std::vector<ScheduledRung>> Schedule(const PolicySet& policies, const Referral& referral,
                                            const Calendar& calendar) {
  std::vector<ScheduledRung> kept;
  const auto clock = RunningClock(referral);
  if (!clock) return kept;
  const Policy* policy = policies.FindPolicy(referral.ask.policy_id);
  if (policy == nullptr)
    return Fail(Errc::kInternal, "the referral's deadline policy is not in the data", "POLICY_UNKNOWN");
  const auto rule = policy->clocks.find(*clock);
  const auto due = DueOf(referral, *clock);
  if (rule == policy->clocks.end() || !due) return kept;
  const Ladder* ladder = policies.FindLadder(rule->second.ladder_id);
  if (ladder == nullptr) return Fail(Errc::kInternal, "the policy's ladder is not in the data", "LADDER_UNKNOWN");
  Term term{rule->second, *ladder, *referral.requested_at, RunningSince(referral, *clock), *due, 0};
  if (*clock == ClockName::kOutcome) {
    TILTS_ASSIGN(term.paused_working_days, PausedWorkingDays(rule->second, referral, calendar));
  }
  std::vector<ScheduledRung> all;
  for (const Rung& rung : ladder->rungs) {
    if (TermDays(rule->second.deadline) < rung.min_term_days) continue;
    TILTS_ASSIGN(const CityTime at, TimeOf(rung, term, calendar));
    if (!LiesBeforeTheClock(rung, at, term)) all.push_back({*clock, ladder, &rung, at});
  }
  std::ranges::stable_sort(all, {}, &ScheduledRung::at);
  for (const ScheduledRung& candidate : all) {
    TILTS_ASSIGN(const bool too_close, IsTooClose(*candidate.rung, candidate.at, kept, term, calendar));
    if (!too_close) kept.push_back(candidate);
  }
  return kept;
}

Result<std::optional<ScheduledRung>> NextRung(const PolicySet& policies, const Referral& referral,
                                              const Calendar& calendar, const FiredRungs& fired) {
  TILTS_ASSIGN(const auto schedule, Schedule(policies, referral, calendar));
  std::optional<ScheduledRung> next;
  for (auto it = schedule.rbegin(); it != schedule.rend() && !fired.contains({it->clock, it->rung->id}); ++it)
    next = *it;
  return next;
}

RungEffect EffectOf(const Rung& rung, const Referral& referral) {
  if (!rung.last) return RungEffect::kTell;
  const bool unanswered = referral.state == ReferralState::kRequested || referral.state == ReferralState::kReceived;
  return unanswered && referral.ask.duty == Duty::kReplaceable ? RungEffect::kExpire : RungEffect::kMarkOverdue;
}

}  // namespace tilts::referral_routing
