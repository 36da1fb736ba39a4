#include "referral_routing/domain/rule_set.hpp"

#include <algorithm>
#include <utility>

namespace tilts::referral_routing {
namespace {

bool InForce(const Rule& rule, core::CityTime at) {
  return (!rule.valid_from || *rule.valid_from <= at) && (!rule.valid_to || at < *rule.valid_to);
}

// Empty: the rule matches.
std::string_view WhyNot(const Rule& rule, const Situation& situation) {
  if (!InForce(rule, situation.at)) return "validity";
  if (rule.when.empty()) return {};
  std::string_view first;
  for (const Condition& condition : rule.when) {
    const std::string_view miss = FirstMiss(condition, situation);
    if (miss.empty()) return {};
    if (first.empty()) first = miss;
  }
  return first;
}

bool IsForbidden(const Action& action, const std::set<Never>& never) {
  if (action.tells_parents && never.contains(Never::kParents)) return true;
  return never.contains(Never::kOwnGroup) && action.kind == ReferralKind::kAct && !action.recipients.empty() &&
         action.recipients.front() == InstitutionKind::kCooperationGroup;
}

}  // namespace

RuleSet::RuleSet(std::string version, std::vector<Rule> rules)
    : version_(std::move(version)), rules_(std::move(rules)) {
  std::ranges::sort(rules_, {}, &Rule::priority);
}

Evaluation RuleSet::Evaluate(const Situation& situation) const {
  Evaluation evaluation;
  bool any = false;
  for (const Rule& rule : rules_) {
    const std::string_view why_not = WhyNot(rule, situation);
    evaluation.verdicts.push_back({&rule, why_not.empty(), std::string(why_not)});
    any = any || (why_not.empty() && !rule.otherwise);
  }
  for (RuleVerdict& verdict : evaluation.verdicts) {
    if (verdict.matched && verdict.rule->otherwise && any) {
      verdict.matched = false;
      verdict.reason = "another rule matched";
    }
    if (verdict.matched) evaluation.never.insert(verdict.rule->never.begin(), verdict.rule->never.end());
  }
  for (RuleVerdict& verdict : evaluation.verdicts) {
    if (!verdict.matched) continue;
    for (const Action& action : verdict.rule->then) {
      if (IsForbidden(action, evaluation.never)) {
        verdict.reason = "an action is forbidden by another rule";
        continue;
      }
      const auto same =
          std::ranges::find(evaluation.wanted, action.purpose,
                            [](const Wanted& wanted) -> const std::string& { return wanted.action->purpose; });
      if (same == evaluation.wanted.end()) {
        evaluation.wanted.push_back({verdict.rule, &action});
      } else if (same->action->urgency < action.urgency) {
        *same = {verdict.rule, &action};
      } else {
        verdict.reason = "merged into " + same->rule->id;
      }
    }
  }
  std::ranges::stable_sort(evaluation.wanted, std::ranges::greater{},
                           [](const Wanted& wanted) { return wanted.action->urgency; });
  return evaluation;
}

}  // namespace tilts::referral_routing
