#pragma once

#include <tilts/events/v1/envelope.pb.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "events/draft.hpp"
#include "risk_scoring/app/cards.hpp"
#include "risk_scoring/domain/close_day.hpp"

namespace tilts::risk_scoring {

// The record of the log that made the service say something: everything it says is a function of the log.
struct Cause {
  const events::v1::Envelope& envelope;
  std::int64_t offset = 0;
};

// By institution: the municipality whose figures its learners count in.
using Municipalities = std::map<std::string, std::string, std::less<>>;

// TierProposed and the limits of one pupil at a close, in the outcome's order. `semester` texts come from the outcome.
core::Result<std::vector<events::Draft>> DraftsOf(const Cause& cause, const std::string& pupil_id,
                                                  const Outcome& outcome, const ActiveCard& card, const ClosedDay& day,
                                                  const Municipalities& municipalities);

// `event` about a pupil, the cause's `index`-th output; everything else of the envelope comes from the cause.
core::Result<events::Draft> DraftOf(const Cause& cause, const std::string& pupil_id, std::string id,
                                    std::uint32_t index, const std::string& school_year, std::string municipality,
                                    const google::protobuf::Message& event);

// The same record and revision give the same id, whichever of the two contributions came second.
core::Result<events::Draft> ConflictDraft(const Cause& cause, const std::string& pupil_id, const Fact& fact);

}  // namespace tilts::risk_scoring
