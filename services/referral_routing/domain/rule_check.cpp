#include "referral_routing/domain/rule_check.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/concat.hpp"
#include "referral_routing/domain/situation_grid.hpp"

namespace tilts::referral_routing {
namespace {

using Violations = std::vector<core::Violation>;

std::string At(const Rule& rule) {
  return core::Concat("rules[", rule.id, "]");
}

void CheckNames(const RuleSet& rules, Violations& found) {
  std::map<std::string, int> ids;
  std::map<int, std::string> priorities;
  for (const Rule& rule : rules.rules()) {
    if (++ids[rule.id] == 2) found.push_back({At(rule), "DUPLICATE_ID", "give each rule an id of its own"});
    const auto [other, fresh] = priorities.emplace(rule.priority, rule.id);
    if (!fresh) {
      found.push_back(
          {At(rule), "PRIORITY_TIE", core::Concat("priority ", rule.priority, " belongs to ", other->second)});
    }
    if (rule.id.empty() || rule.version == 0 || rule.priority == 0 || rule.legal_basis.empty() ||
        (rule.then.empty() && rule.never.empty())) {
      found.push_back(
          {At(rule), "FIELD_MISSING", "a rule needs id, version, priority, legal_basis and something to do"});
    }
    if (rule.valid_from && rule.valid_to && *rule.valid_to <= *rule.valid_from) {
      found.push_back({At(rule), "VALIDITY_EMPTY", "valid_to must lie after valid_from"});
    }
  }
}

bool SameAsk(const Action& a, const Action& b) {
  return a.recipients == b.recipients && a.kind == b.kind && a.duty == b.duty && a.territory == b.territory &&
         a.tells_parents == b.tells_parents;
}

void CheckActions(const RuleSet& rules, const PolicySet& policies, const std::set<InstitutionKind>& known_kinds,
                  Violations& found) {
  std::map<std::string, const Action*> purposes;
  for (const Rule& rule : rules.rules()) {
    for (const Action& action : rule.then) {
      const std::string where = core::Concat(At(rule), ".then[", action.purpose, "]");
      if (action.purpose.empty() || action.recipients.empty()) {
        found.push_back({where, "FIELD_MISSING", "an action needs a purpose and at least one recipient kind"});
      }
      for (const InstitutionKind kind : action.recipients) {
        if (!known_kinds.contains(kind)) found.push_back({where, "KIND_UNKNOWN", "name a kind of the contract"});
      }
      const Policy* policy = policies.FindPolicy(action.policy_id);
      if (policy == nullptr) {
        found.push_back({where, "POLICY_UNKNOWN", "name a deadline policy of data/policies"});
      } else if (action.kind == ReferralKind::kAct && policy->clocks.size() < 3) {
        found.push_back({where, "CLOCK_MISSING", "who must act needs an acknowledge, an answer and an outcome clock"});
      }
      const auto [first, fresh] = purposes.emplace(action.purpose, &action);
      if (!fresh && !SameAsk(*first->second, action)) {
        found.push_back({where, "PURPOSE_DIFFERS", "one purpose asks the same of the same kinds in every rule"});
      }
    }
  }
}

core::CityTime WithinForce(const Rule& rule) {
  if (rule.valid_from) return *rule.valid_from;
  return rule.valid_to ? *rule.valid_to - std::chrono::microseconds{1} : core::CityTime{};
}

bool HasEffect(const RuleSet& rules, const Rule& rule, const Situation& situation) {
  const Evaluation evaluation = rules.Evaluate(situation);
  const auto verdict = std::ranges::find(evaluation.verdicts, &rule, &RuleVerdict::rule);
  if (!verdict->matched) return false;
  if (rule.then.empty()) return true;
  return std::ranges::any_of(evaluation.wanted, [&](const Wanted& wanted) { return wanted.rule == &rule; });
}

bool IsReachable(const RuleSet& rules, const Rule& rule) {
  const auto nothing_yet = [&](const Situation& situation) { return !HasEffect(rules, rule, situation); };
  if (rule.when.empty()) return !VisitSituations(rules, {}, WithinForce(rule), nothing_yet);
  return std::ranges::any_of(rule.when, [&](const Condition& condition) {
    return !VisitSituations(rules, condition, WithinForce(rule), nothing_yet);
  });
}

std::string Describe(const Situation& situation) {
  const CaseFacts& facts = situation.facts;
  return core::Concat("stream ", static_cast<int>(facts.stream), ", relation ", static_cast<int>(facts.relation),
                      ", level ", facts.level, ", urgency ", static_cast<int>(facts.urgency), ", age ", facts.age_years,
                      facts.in_out_of_family_care ? ", in care" : "", facts.staff_alleged ? ", staff alleged" : "",
                      situation.night ? ", at night" : "");
}

// Every change of validity makes another rule set, so each is looked at.
std::set<core::CityTime> Turns(const RuleSet& rules) {
  std::set<core::CityTime> turns{core::CityTime{}};
  for (const Rule& rule : rules.rules()) {
    if (rule.valid_from) turns.insert(*rule.valid_from);
    if (rule.valid_to) turns.insert(*rule.valid_to);
  }
  return turns;
}

// The time before the first rule came into force is no gap: no case is that old.
bool AnyInForce(const RuleSet& rules, core::CityTime at) {
  return std::ranges::any_of(rules.rules(),
                             [&](const Rule& rule) { return !rule.valid_from || *rule.valid_from <= at; });
}

void CheckGap(const RuleSet& rules, Violations& found) {
  for (const core::CityTime at : Turns(rules)) {
    if (!rules.rules().empty() && !AnyInForce(rules, at)) continue;
    VisitSituations(rules, {}, at, [&](const Situation& situation) {
      if (!rules.Evaluate(situation).wanted.empty()) return true;
      found.push_back(
          {"rules", "GAP",
           core::Concat("from ", core::FormatRfc3339(at), at == core::CityTime{} ? " (a rule has no valid_from)" : "",
                        " nobody hears of: ", Describe(situation))});
      return false;
    });
  }
}

}  // namespace

core::Status CheckRules(const RuleSet& rules, const PolicySet& policies, const std::set<InstitutionKind>& known_kinds) {
  Violations found;
  CheckNames(rules, found);
  CheckActions(rules, policies, known_kinds, found);
  if (found.empty()) {
    for (const Rule& rule : rules.rules()) {
      if (IsReachable(rules, rule)) continue;
      found.push_back(
          {At(rule), "RULE_UNREACHABLE",
           "no case can match it, or other rules always ask the same sooner: look at its conditions and its priority"});
    }
    CheckGap(rules, found);
  }
  if (found.empty()) return {};
  return core::Fail(
      core::Error{core::Errc::kInvalid, "the routing rules are not safe to use", "RULES", std::move(found), 0});
}

}  // namespace tilts::referral_routing
