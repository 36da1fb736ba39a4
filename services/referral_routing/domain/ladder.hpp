#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "calendar/calendar.hpp"
#include "core/result.hpp"
#include "referral_routing/domain/policy.hpp"
#include "referral_routing/domain/referral.hpp"

namespace tilts::referral_routing {

// The clocks' due times from the moment the referral was requested, counted with the duty-bearer's calendar. A notice
// has the acknowledge clock only; holds move the outcome.
core::Result<DueTimes> ComputeDue(const Policy& policy, const Referral& referral, const calendar::Calendar& calendar);

// The clock that runs in this state; nothing: no clock runs (the referral is closed).
std::optional<ClockName> RunningClock(const Referral& referral);

struct ScheduledRung {
  ClockName clock{};
  const Ladder* ladder = nullptr;
  const Rung* rung = nullptr;
  CityTime at{};
};

// Every rung of the running clock with its time, in order; a pure function of the referral's own times and the
// calendar. Rungs that would have lain before the clock began to run are left out, but never the last one.
core::Result<std::vector<ScheduledRung>> Schedule(const PolicySet& policies, const Referral& referral,
                                                  const calendar::Calendar& calendar);

using FiredRungs = std::set<std::pair<ClockName, std::string>>;

// The next rung to fire: the first of the schedule after every one that fired. Nothing: the ladder is at its end.
core::Result<std::optional<ScheduledRung>> NextRung(const PolicySet& policies, const Referral& referral,
                                                    const calendar::Calendar& calendar, const FiredRungs& fired);

// What firing a rung does to the referral.
enum class RungEffect { kTell, kMarkOverdue, kExpire };
RungEffect EffectOf(const Rung& rung, const Referral& referral);

}  // namespace tilts::referral_routing
