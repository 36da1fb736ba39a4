#pragma once

#include <string>

#include "tiltsctl/app/session.hpp"

namespace tilts::tiltsctl {

// Of one service, or of all when `service` is empty.
core::Result<int> ListDeadLetters(Session& session, const std::string& service);
core::Result<int> ShowDeadLetter(Session& session, const std::string& service, const std::string& dead_letter_id);
// `dead_letter_id` "all": every letter of the service, one after the other.
core::Result<int> RedriveDeadLetter(Session& session, const std::string& service, const std::string& dead_letter_id);

}  // namespace tilts::tiltsctl
