#pragma once

#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "core/result.hpp"
#include "events/record.hpp"
#include "registry/domain/school_day.hpp"

namespace tilts::registry {

// The id of a day's announcement: the same for every partition, replica and repeat.
std::string SchoolDayEventId(calendar::LocalDate day);

// facts.v1.SchoolDayClosed for every partition of tilts.learning.v1. It occurred when the day's hour came and is
// recorded `now`, which is later when the day was slept through.
core::Result<std::vector<events::Draft>> AnnounceSchoolDay(const SchoolDay& closed, const std::string& calendar_version,
                                                           core::CityTime closed_at, core::CityTime now);

}  // namespace tilts::registry
