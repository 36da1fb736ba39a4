#pragma once

#include <set>
#include <string>
#include <vector>

#include "case_intake/domain/facts.hpp"
#include "core/result.hpp"

namespace tilts::case_intake {

// One line of data/levels.json. A condition holds when it is empty or one of its codes is present; the
// rule applies when all its conditions hold.
struct LevelRule {
  std::string id{};
  std::set<Stream> streams{};
  std::set<Concern> concerns{};
  std::set<Aggravating> aggravating{};
  std::set<Relation> relations{};  // kUnspecified stands for "unknown"
  std::set<Place> places{};
  std::uint32_t level = 0;                  // 0: says nothing about the level
  Urgency urgency = Urgency::kUnspecified;  // kUnspecified: says nothing about the urgency
};

struct LevelRules {
  std::string version{};
  std::vector<LevelRule> rules{};
};

// kInvalid with violations: no version, an id twice or empty, a level above 3, a rule that says nothing,
// no rule without conditions (every case needs a level and an urgency).
core::Status Validate(const LevelRules& rules);

// Raises level and urgency of `facts` to the highest of the rules that apply. Never lowers.
void ApplyLevels(const LevelRules& rules, CaseFacts& facts);

}  // namespace tilts::case_intake
