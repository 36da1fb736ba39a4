#pragma once

#include <string>

#include "tiltsctl/app/session.hpp"

namespace tilts::tiltsctl {

core::Result<int> ShowCase(Session& session, const std::string& case_id);
// Which rules matched, which did not and why.
core::Result<int> ExplainCase(Session& session, const std::string& case_id);

}  // namespace tilts::tiltsctl
