#pragma once

#include <optional>
#include <string>

#include "case_intake/adapters/case_store.hpp"

namespace tilts::case_intake {

// Where a list goes on, for the caller to hand back as it is.
std::string PageTokenAfter(const Case& last);
// kInvalid with a violation when the token is not one of ours.
core::Result<std::optional<CaseCursor>> CursorOf(const std::string& page_token);

}  // namespace tilts::case_intake
