#pragma once

#include "case_intake/app/publish.hpp"
#include "case_intake/domain/decide_tier.hpp"

namespace tilts::case_intake {

// The event of this decision: the same for the same pupil and sequence.
core::EventId TierEventId(const PupilTier& after);

// "TierDecided" of this decision, ready for the outbox; `municipality` is the
// deciding school's.
core::Result<events::Draft> DraftOf(const TierDecision& decision, const std::string& municipality,
                                    const Occasion& occasion);

}  // namespace tilts::case_intake
