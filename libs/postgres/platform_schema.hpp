#pragma once

#include <vector>

#include "postgres/migrator.hpp"

namespace tilts::postgres {

// The tables this library keeps in every service's schema.
const std::vector<Migration>& PlatformMigrations();

}  // namespace tilts::postgres
