#include "case_intake/domain/level_rules.hpp"

#include <algorithm>

namespace tilts::case_intake {
namespace {

template <typename Code>
bool Holds(const std::set<Code>& condition, Code present) {
  return condition.empty() || condition.contains(present);
}

template <typename Code>
bool Holds(const std::set<Code>& condition, const std::set<Code>& present) {
  return condition.empty() ||
         std::any_of(present.begin(), present.end(), [&](Code code) { return condition.contains(code); });
}

bool Applies(const LevelRule& rule, const CaseFacts& facts) {
  return Holds(rule.streams, facts.stream) && Holds(rule.concerns, facts.concerns) &&
         Holds(rule.aggravating, facts.aggravating) && Holds(rule.relations, facts.relation) &&
         Holds(rule.places, facts.place);
}

bool IsCatchAll(const LevelRule& rule) {
  return rule.streams.empty() && rule.concerns.empty() && rule.aggravating.empty() && rule.relations.empty() &&
         rule.places.empty() && rule.level > 0 && rule.urgency != Urgency::kUnspecified;
}

}  // namespace

core::Status Validate(const LevelRules& rules) {
  core::Error error{
      core::Errc::kInvalid, "The level rules cannot be used; correct the data file", "LEVEL_RULES", {}, 0};
  const auto complain = [&](std::string field, std::string code, std::string message) {
    error.violations.push_back({std::move(field), std::move(code), std::move(message)});
  };
  if (rules.version.empty()) complain("version", "REQUIRED", "Name the version of the rules");
  std::set<std::string> ids;
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    const LevelRule& rule = rules.rules[i];
    const std::string field = "rules[" + std::to_string(i) + "]";
    if (rule.id.empty()) complain(field + ".id", "REQUIRED", "Give the rule an id");
    if (!ids.insert(rule.id).second) complain(field + ".id", "DUPLICATE", "Give each rule its own id");
    if (rule.level > kHighestLevel) complain(field + ".level", "OUT_OF_RANGE", "Use a level from 1 to 3");
    if (rule.level == 0 && rule.urgency == Urgency::kUnspecified) {
      complain(field, "SAYS_NOTHING", "Set a level, an urgency or both");
    }
  }
  if (std::none_of(rules.rules.begin(), rules.rules.end(), IsCatchAll)) {
    complain("rules", "NO_CATCH_ALL", "Add a rule without conditions that sets level and urgency");
  }
  if (!error.violations.empty()) return core::Fail(std::move(error));
  return {};
}

void ApplyLevels(const LevelRules& rules, CaseFacts& facts) {
  for (const LevelRule& rule : rules.rules) {
    if (!Applies(rule, facts)) continue;
    facts.level = std::max(facts.level, rule.level);
    facts.urgency = std::max(facts.urgency, rule.urgency);
  }
}

}  // namespace tilts::case_intake
