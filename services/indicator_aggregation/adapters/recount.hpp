#pragma once

#include "core/result.hpp"
#include "indicator_aggregation/app/definition_file.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::indicator_aggregation {

// Values of all rows by other definitions than they were counted with: members and values are made anew in this
// transaction, while no batch is written. True when it had to be done.
core::Result<bool> RecountIfChanged(postgres::UnitOfWork& unit, const DefinitionBook& book);

}  // namespace tilts::indicator_aggregation
