#include "city_simulator/truth/tier_book.hpp"

#include "city_simulator/time/school_year.hpp"

namespace tilts::city_simulator {

using namespace tilts::codes::v1;  // NOLINT: decisions

void TierBook::Propose(unsigned learner, const Proposal& proposal) {
  TierModel& tier = tiers_[learner];
  const bool decided = tier.decision != TIER_DECISION_UNSPECIFIED;
  // Taken back: what nobody decided on is gone, a decision stands without a proposal.
  if (proposal.tier < 2 && !decided) {
    tiers_.erase(learner);
    return;
  }
  tier.school = proposal.school;
  const bool stands = proposal.tier >= 2;
  tier.proposed = stands ? proposal.tier : 0;
  tier.points = stands ? proposal.points : 0;
  tier.material = stands ? proposal.material : std::string();
  tier.as_of_day = stands ? proposal.as_of_day : 0;
  // What was decided was decided of another picture.
  tier.reopened = stands && decided && proposal.material != tier.decided_material;
}

void TierBook::Decide(unsigned learner, const std::string& school, TierDecision decision, unsigned tier) {
  TierModel& model = tiers_[learner];
  model.school = school;
  // A nomination beside no open proposal leaves what was decided on.
  const bool answers = model.waits();
  if (answers) model.decided_material = model.material;
  model.decision = decision;
  model.reopened = false;
  model.decided = decision == TIER_DECISION_CONFIRM ? model.proposed : decision == TIER_DECISION_DECLINE ? 1 : tier;
  ++decisions_[{school, decision}];
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
