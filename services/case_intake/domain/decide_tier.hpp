#pragma once

#include <set>
#include <string>
#include <vector>

#include "case_intake/domain/codes.hpp"
#include "case_intake/domain/tier.hpp"
#include "core/result.hpp"

namespace tilts::case_intake {

// The state after a proposal for `institution`; one that is not newer changes nothing. Evidence that was decided on
// leaves the decision in force, other evidence opens it again, tier 1 takes back what nobody decided on.
PupilTier Propose(PupilTier state, const core::InstitutionId& institution, TierProposal proposal);

struct TierCommand {
  TierMove move = TierMove::kUnspecified;
  std::uint32_t tier = 0;  // with kLower and kNominate
  TierReason reason = TierReason::kUnspecified;
  std::string role{};             // who decides: "social-pedagogue"
  std::string material_digest{};  // of the proposal that was read; empty with kNominate
  core::NoteId note{};            // empty: no text was sent
  core::InstitutionId institution{};
  core::CityTime now{};
};

// What the command says by itself. kInvalid with a violation a field.
core::Status CheckTierCommand(const TierCommand& command);

struct TierDecision {
  PupilTier after;
  std::uint32_t proposed_tier = 0;  // that was answered; 0: none
  bool opens_case = false;
  std::set<Concern> concerns{};  // of that case
};

// kInvalid as above. kRefused: TIER_NOT_PROPOSED (nothing waits for a decision), TIER_NOT_LOWER, TIER_PROPOSED (a
// nomination below what is proposed would answer evidence that nobody read). kConflict: TIER_STALE.
core::Result<TierDecision> DecideTier(const PupilTier& state, const TierCommand& command);

// What a PMP report says of a score's domains; MOTIVATION when they say nothing.
std::set<Concern> ConcernsOf(const std::vector<std::string>& domains);

}  // namespace tilts::case_intake
