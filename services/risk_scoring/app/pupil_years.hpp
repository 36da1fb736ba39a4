#pragma once

#include <optional>
#include <string>

#include "risk_scoring/app/outputs.hpp"
#include "risk_scoring/domain/closed_days.hpp"
#include "risk_scoring/domain/pupil_state.hpp"

namespace tilts::risk_scoring {

// The last closed day of the school year that ends when `next` closes; nothing while the year goes on.
std::optional<ClosedDay> YearEndedBy(const ClosedDays& closed, const ClosedDay& next);

// PupilYearClosed of one pupil, as of the year's last closed day. `cause` is the close of the next year's first day.
core::Result<events::Draft> PupilYearDraft(const Cause& cause, const std::string& pupil_id, const PupilState& state,
                                           const ClosedDay& last, const Municipalities& municipalities);

}  // namespace tilts::risk_scoring
