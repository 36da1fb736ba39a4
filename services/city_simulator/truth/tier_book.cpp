#include "city_simulator/truth/tier_book.hpp"

#include "city_simulator/time/school_year.hpp"

namespace tilts::city_simulator {

using namespace tilts::codes::v1;  // NOLINT: decisions

void TierBook::Propose(unsigned learner, const Proposal& proposal) {
  TierModel& tier = tiers_[learner];
  const bool changed = proposal.material != tier.material || proposal.school != tier.school;
  // What was decided was decided of another picture.
  if (tier.decision != TIER_DECISION_UNSPECIFIED && changed && proposal.tier >= 2) tier.reopened = true;
  tier.school = proposal.school;
  tier.proposed = proposal.tier;
  tier.points = proposal.points;
  tier.material = proposal.material;
  tier.as_of_day = proposal.as_of_day;
}

void TierBook::Decide(unsigned learner, const std::string& school, TierDecision decision, unsigned tier) {
  TierModel& model = tiers_[learner];
  model.school = school;
  model.decision = decision;
  model.reopened = false;
  model.decided = decision == TIER_DECISION_CONFIRM ? model.proposed : decision == TIER_DECISION_DECLINE ? 1 : tier;
  ++decisions_[decision];
}

std::map<std::string, std::vector<unsigned>> TierBook::WaitingBySchool() const {
  std::map<std::string, std::vector<unsigned>> waiting;
  for (const auto& [learner, tier] : tiers_) {
    if (tier.waits()) waiting[tier.school].push_back(learner);
  }
  return waiting;
}

std::string Describe(const TierModel& tier) {
  return tier.school + " tier " + std::to_string(tier.proposed) + " points " + std::to_string(tier.points) + " as of " +
         WriteDay(DayOf(tier.as_of_day)) + " " + TierDecision_Name(tier.decision) + " " + std::to_string(tier.decided) +
         (tier.reopened ? " reopened" : "");
}

}  // namespace tilts::city_simulator
