#include "registry/adapters/key_expiry.hpp"

#include <chrono>
#include <limits>

namespace tilts::registry {

core::Status KeyExpiry::Measure(postgres::Database& database, core::CityTime now) const {
  TILTS_ASSIGN(const auto rows,
               database.Query("SELECT min(last) FROM (SELECT max(expires_at) AS last FROM credential WHERE revoked_at "
                              "IS NULL GROUP BY client_id HAVING bool_and(expires_at IS NOT NULL)) AS client "
                              "WHERE last > $1",
                              {now}));
  const auto first = rows.front().OptionalTime(0);
  left_.Set(first ? std::chrono::duration<double>(*first - now).count() : std::numeric_limits<double>::infinity());
  return {};
}

}  // namespace tilts::registry
