#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/unit_of_work.hpp"
#include "registry/app/register_store.hpp"

namespace tilts::registry {

// Institutions with their units and hours, in the order of their ids.
core::Result<std::vector<StoredInstitution>> ReadInstitutions(postgres::UnitOfWork& unit, int kind,
                                                              const std::string& after, std::size_t limit);
core::Result<std::optional<StoredInstitution>> ReadInstitution(postgres::UnitOfWork& unit,
                                                               const std::string& institution_id);
core::Status WriteInstitution(postgres::UnitOfWork& unit, const Institution& institution, bool seeded);

}  // namespace tilts::registry
