#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "auth/api_key.hpp"
#include "core/result.hpp"
#include "registry/app/register_store.hpp"

namespace tilts::registry {

// Reads and validates the whole file (message InstitutionSeed): every institution on its own and all
// references among them.
core::Result<std::vector<Institution>> ParseSeed(std::string_view json, const std::set<std::string>& calendars);

struct SeedOutcome {
  std::size_t added = 0;
  std::size_t updated = 0;
  std::size_t kept = 0;  // changed by people since: the file does not overwrite them
};

// Idempotent: a second time nothing changes.
core::Result<SeedOutcome> ApplySeed(RegisterStore& store, const std::vector<Institution>& seed);

// Client "operator" with this first key, granted everything for the seeded operator institution. Done once:
// later, keys are issued and revoked by RPC.
core::Result<bool> MakeFirstOperator(RegisterStore& store, const auth::ApiKey& key);

}  // namespace tilts::registry
