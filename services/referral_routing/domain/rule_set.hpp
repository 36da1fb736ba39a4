#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "referral_routing/domain/rule.hpp"

namespace tilts::referral_routing {

struct RuleVerdict {
  const Rule* rule = nullptr;
  bool matched = false;
  // Not matched: the first condition that did not hold. Matched without effect: why ("merged into …").
  std::string reason;
};

// What the matching rules ask, one entry per purpose, most urgent rule first.
struct Wanted {
  const Rule* rule = nullptr;
  const Action* action = nullptr;
};

struct Evaluation {
  std::vector<RuleVerdict> verdicts;  // of every rule, by priority
  std::vector<Wanted> wanted;
  std::set<Never> never;
};

// Rules by priority. All matching rules apply; of several actions with one purpose the most urgent stays, of equally
// urgent ones the rule with the lower priority number.
class RuleSet {
 public:
  RuleSet() = default;
  RuleSet(std::string version, std::vector<Rule> rules);

  const std::string& version() const { return version_; }
  const std::vector<Rule>& rules() const { return rules_; }
  Evaluation Evaluate(const Situation& situation) const;

 private:
  std::string version_;
  std::vector<Rule> rules_;
};

}  // namespace tilts::referral_routing
