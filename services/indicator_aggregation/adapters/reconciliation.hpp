#pragma once

#include <tilts/indicators/v1/indicator_service.pb.h>

#include <string>

#include "core/result.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::indicator_aggregation {

// What arrived of an institution's facts about one day: counts, a digest to compare with one's own, and who is enrolled
// without an attendance record. A school day is one that was closed, or one the institution sent attendance of.
core::Result<indicators::v1::ReconcileDayResponse> Reconcile(postgres::UnitOfWork& unit,
                                                             const std::string& institution_id, int day);

}  // namespace tilts::indicator_aggregation
