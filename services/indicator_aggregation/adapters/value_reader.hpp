#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "indicator_aggregation/adapters/tables.hpp"
#include "indicator_aggregation/app/value_table.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::indicator_aggregation {

// All values of one indicator, those of a frozen year as they were frozen; `school_year` empty: of every year.
core::Result<std::vector<StoredValue>> ValuesOf(postgres::UnitOfWork& unit, const std::string& indicator_id,
                                                const std::string& school_year);

}  // namespace tilts::indicator_aggregation
