#pragma once

#include <cstddef>

#include "notification/adapters/endpoint_store.hpp"
#include "postgres/database.hpp"

namespace tilts::notification {

// Imminent dangers that their endpoint has not taken in time also go to the next one (from the second to the first):
// one more delivery of the same event, once. Returns how many were due.
core::Result<std::size_t> OpenSecondChannels(postgres::Database& database, const EndpointStore& endpoints,
                                             core::CityTime now);

}  // namespace tilts::notification
