#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "core/result.hpp"
#include "events/record.hpp"
#include "registry/app/vault_store.hpp"

namespace tilts::registry {

// An erasure as the audit log tells it. The log outlives the database: one that was put back to an older state holds
// the keys of persons again who were erased since, and the log says who they are.
struct TracedErasure {
  std::string record_id;                  // of the audit record
  std::vector<std::string> person_ids;    // the person and all aliases
  std::vector<std::string> school_years;  // whose statistics key was destroyed
  std::string basis;                      // "GDPR-17"
  core::CityTime at;
};

// Nothing: the record tells of no erasure, or cannot be read.
std::optional<TracedErasure> ReadErasure(const events::Record& record);

// Destroys what of it is still there and leaves an audit record of that; what was destroyed or never heard of stays.
// How many persons and school years it took.
core::Result<std::size_t> EraseAgain(VaultSession& session, const TracedErasure& erasure, core::CityTime now);

}  // namespace tilts::registry
