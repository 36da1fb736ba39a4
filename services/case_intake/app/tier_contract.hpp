#pragma once

#include <tilts/intake/v1/tier_service.pb.h>
#include <tilts/risk/v1/events.pb.h>

#include "case_intake/domain/decide_tier.hpp"

namespace tilts::events::v1 {
class Envelope;
}

namespace tilts::case_intake {

// kInvalid with a violation each: no request id, a note of more than 4,000 characters, a decision that says too little
// by itself. `note` is the id the text gets if there is one.
core::Result<TierCommand> ReadTierCommand(const intake::v1::DecideTierRequest& request,
                                          const core::InstitutionId& institution, const core::NoteId& note,
                                          core::CityTime now);

// kInvalid when it is not a proposal: no pupil or school, a tier that is none, no digest to answer.
core::Result<TierProposal> ReadProposal(const events::v1::Envelope& envelope, const risk::v1::TierProposed& event);

intake::v1::Tier ToProto(const PupilTier& state);

}  // namespace tilts::case_intake
