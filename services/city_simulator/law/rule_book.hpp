#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "city_simulator/law/codes.hpp"
#include "city_simulator/law/picture.hpp"
#include "city_simulator/time/riga_time.hpp"

namespace tilts::city_simulator {

// What a rule asks of somebody.
struct Ask {
  std::vector<codes::v1::InstitutionKind> recipients;  // kinds in order of preference
  std::string purpose;
  codes::v1::ReferralKind kind = codes::v1::REFERRAL_KIND_ACT;
  codes::v1::Urgency urgency = codes::v1::URGENCY_ROUTINE;
  codes::v1::Duty duty = codes::v1::DUTY_EXCLUSIVE;
  std::string territory_key;
  std::string policy;
  bool tells_parents = false;
  // Of the rule it comes from.
  std::string rule;
  unsigned rule_version = 0;
};

// The moment in which a case is judged.
struct Occasion {
  Picture picture;
  std::string home;  // the city the case belongs to: that of the school, else of the coordinator
  bool night = false;
  Instant at;
};

// The published routing rules (services/referral_routing/data/rules), read and applied by the simulator's own code.
class RuleBook {
 public:
  void Read(const std::string& folder, Reading& reading);

  struct Judgement {
    std::vector<Ask> asks;                  // one per purpose, most urgent first
    std::set<std::string> matched;          // ids of the rules that apply
    bool staff_institution_barred = false;  // nothing goes to the institution whose staff is accused
    bool parents_barred = false;            // nobody is asked to tell the parents
  };
  Judgement Judge(const Occasion& occasion) const;
  std::set<std::string> ids() const;
  // The kinds asked first by some rule; those named later stand in for them.
  std::set<codes::v1::InstitutionKind> kinds() const;

 private:
  struct Condition {
    std::set<codes::v1::Stream> streams;
    std::set<codes::v1::ConcernCode> concerns;
    std::set<codes::v1::Relation> relations;
    std::set<codes::v1::Place> places;
    std::set<codes::v1::AggravatingFact> aggravating;
    std::set<std::string> residences;
    unsigned level_min = 0;
    codes::v1::Urgency urgency_min = codes::v1::URGENCY_UNSPECIFIED;
    unsigned age_from = 0;
    unsigned age_to = 0;
    bool age_unknown = false;
    std::optional<bool> in_care, staff_alleged, night;

    bool Holds(const Occasion& occasion) const;
  };
  struct Rule {
    std::string id;
    int priority = 0;
    std::optional<Instant> valid_from, valid_to;
    bool otherwise = false;
    std::vector<Condition> when;
    std::vector<Ask> then;
    std::set<std::string> never;

    bool Matches(const Occasion& occasion) const;
  };

  static Condition ReadCondition(const nlohmann::json& json, const std::string& where, Reading& reading);
  static Ask ReadAsk(const nlohmann::json& json, const std::string& where, Reading& reading);
  void ReadRule(const nlohmann::json& json, const std::string& where, Reading& reading);

  std::vector<Rule> rules_;
};

}  // namespace tilts::city_simulator
