#include <algorithm>
#include <set>
#include <utility>

#include "core/concat.hpp"
#include "referral_routing/domain/notice.hpp"
#include "referral_routing/domain/plan.hpp"
#include "referral_routing/domain/rule_check.hpp"

namespace tilts::referral_routing {
namespace {

using Violations = std::vector<core::Violation>;

bool AmountIsRight(const Rung& rung) {
  if (const auto* percent = std::get_if<AtPercent>(&rung.at)) return percent->percent >= 1 && percent->percent <= 100;
  if (const auto* start = std::get_if<AfterStart>(&rung.at)) return start->seconds > 0;
  const auto& due = std::get<AfterDue>(rung.at);
  return due.seconds >= 0 && due.working_days >= 0 && (due.seconds == 0 || due.working_days == 0);
}

void CheckLadder(const Ladder& ladder, Violations& found) {
  const std::string where = core::Concat("ladders[", ladder.id, "]");
  std::set<std::string> ids;
  for (const Rung& rung : ladder.rungs) {
    const std::string at = core::Concat(where, ".rungs[", rung.id, "]");
    if (rung.id.empty() || !ids.insert(rung.id).second) found.push_back({at, "DUPLICATE_ID", "name each rung once"});
    if (!AmountIsRight(rung)) found.push_back({at, "RUNG_AMOUNT", "say when with one amount that is not negative"});
    if (rung.audience.empty()) found.push_back({at, "RUNG_AUDIENCE", "say who hears of it"});
    if (rung.channel < 1 || rung.channel > 2) found.push_back({at, "RUNG_CHANNEL", "the channel is 1 or 2"});
  }
  const auto last_rungs = std::ranges::count_if(ladder.rungs, &Rung::last);
  const bool ends_last = !ladder.rungs.empty() && ladder.rungs.back().last &&
                         std::holds_alternative<AfterDue>(ladder.rungs.back().at) && !ladder.rungs.back().reminder &&
                         ladder.rungs.back().min_term_days == 0;
  if (last_rungs != 1 || !ends_last) {
    found.push_back({where, "LADDER_END", "end with exactly one last rung, at or after the due time, for every term"});
  }
}

void CheckPolicy(const Policy& policy, const PolicySet& policies, Violations& found) {
  const std::string where = core::Concat("policies[", policy.id, "]");
  if (!policy.clocks.contains(ClockName::kAcknowledge)) {
    found.push_back({where, "CLOCK_MISSING", "every policy has an acknowledge clock"});
  }
  for (const auto& [name, rule] : policy.clocks) {
    const std::string at = core::Concat(where, ".", ToString(name));
    if (policies.FindLadder(rule.ladder_id) == nullptr) {
      found.push_back({at, "LADDER_UNKNOWN", "name a ladder of data/ladders"});
    }
    if (const auto valid = calendar::Validate(rule.deadline); !valid) {
      found.push_back({at, "DEADLINE_AMOUNT", valid.error().message});
    }
  }
}

}  // namespace

core::Status CheckPolicies(const PolicySet& policies) {
  Violations found;
  for (const auto& [id, ladder] : policies.ladders) CheckLadder(ladder, found);
  for (const auto& [id, policy] : policies.policies) CheckPolicy(policy, policies, found);
  if (policies.FindPolicy(kTaskPolicy) == nullptr) {
    found.push_back({"policies", "TASK_POLICY_MISSING", "add the policy of coordinators' tasks, id task"});
  }
  if (policies.FindPolicy(kNoticePolicy) == nullptr) {
    found.push_back({"policies", "NOTICE_POLICY_MISSING", "add the policy of notices, id notice"});
  }
  if (found.empty()) return {};
  return core::Fail(
      core::Error{core::Errc::kInvalid, "the deadline policies are not safe to use", "POLICIES", std::move(found), 0});
}

}  // namespace tilts::referral_routing
