#pragma once

#include <cstdint>
#include <string>

#include "core/city_time.hpp"
#include "core/result.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::indicator_aggregation {

// Copies a school year's values as they stand into rows that nothing changes any more; how many. kInvalid: not a school
// year. kRefused: YEAR_OPEN, no school day of a later year is closed; YEAR_FROZEN, it was done before.
core::Result<std::uint64_t> FreezeYear(postgres::UnitOfWork& unit, const std::string& school_year, core::CityTime now);

}  // namespace tilts::indicator_aggregation
