#pragma once

#include <string>

#include "tiltsctl/app/session.hpp"

namespace tilts::tiltsctl {

core::Result<int> ListDeliveries(Session& session, const std::string& state);
core::Result<int> RedriveDelivery(Session& session, const std::string& delivery_id);

}  // namespace tilts::tiltsctl
