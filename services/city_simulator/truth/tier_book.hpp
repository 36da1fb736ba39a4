#pragma once

#include <tilts/codes/v1/learning_codes.pb.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "city_simulator/truth/evening.hpp"

namespace tilts::city_simulator {

// What stands in a school's list for one learner: the proposal and what a person made of it.
struct TierModel {
  std::string school;
  unsigned proposed = 0;
  int points = 0;
  std::string material;
  int as_of_day = 0;
  codes::v1::TierDecision decision = codes::v1::TIER_DECISION_UNSPECIFIED;
  unsigned decided = 0;
  std::string decided_material;  // the picture that was decided on
  bool reopened = false;

  bool waits() const { return proposed >= 2 && (decision == codes::v1::TIER_DECISION_UNSPECIFIED || reopened); }
};

// All proposals and decisions by the simulator's own reckoning.
class TierBook {
 public:
  void Propose(unsigned learner, const Proposal& proposal);
  // Of the tier that is proposed, or a teacher's own.
  void Decide(unsigned learner, const std::string& school, codes::v1::TierDecision decision, unsigned tier);

  const std::map<unsigned, TierModel>& tiers() const { return tiers_; }
  std::map<std::string, std::vector<unsigned>> WaitingBySchool() const;
  // How often people decided, by school and decision.
  using Decisions = std::map<std::pair<std::string, codes::v1::TierDecision>, unsigned>;
  const Decisions& decisions() const { return decisions_; }

 private:
  std::map<unsigned, TierModel> tiers_;
  Decisions decisions_;
};

std::string Describe(const TierModel& tier);

}  // namespace tilts::city_simulator
