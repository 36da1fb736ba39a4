#pragma once

#include <optional>
#include <string>
#include <vector>

#include "risk_scoring/domain/explain.hpp"
#include "risk_scoring/domain/score.hpp"

namespace tilts::risk_scoring {

// TierProposed, without what the log adds.
struct Proposal {
  std::string institution_id;
  unsigned tier = 0;
  unsigned previous_tier = 0;
  std::string material_digest;
  // The contributions to publish are those with bin_points; none when a proposal ends because the pupil left.
  Assessment assessment;
  std::vector<Evidence> by_factor;  // as the assessment's contributions; empty for those without bin_points
};

// LimitCrossed or LimitRetracted.
struct LimitEvent {
  bool crossed = true;  // false: retracted
  std::string institution_id;
  int school_year = 0;
  unsigned semester = 0;
  unsigned lessons = 0;
  unsigned crossing = 0;  // 1 for the semester's first
  Evidence evidence;      // of a crossing
};

struct Outcome {
  std::optional<Proposal> proposal;
  std::vector<LimitEvent> limits;  // of the previous semester, then of the current one
  bool state_changed = false;      // the state's bytes changed
};

// What the close of the day says about one pupil; the state remembers what was said and drops what is too old. The day
// must be the latest closed one. Events go out in the outcome's order: the proposal, then the limits.
Outcome CloseDay(PupilState& state, const AsOf& as_of);

}  // namespace tilts::risk_scoring
