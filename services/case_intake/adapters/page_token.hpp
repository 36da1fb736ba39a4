#pragma once

#include <optional>
#include <string>

#include "case_intake/adapters/case_store.hpp"

namespace tilts::case_intake {

// The last entry of a page: by when and id a list is in order.
struct ListCursor {
  core::CityTime at{};
  std::string id;
};

// Where a list goes on, for the caller to hand back as it is.
std::string PageTokenAfter(const ListCursor& last);
std::string PageTokenAfter(const Case& last);
// Nothing for an empty token. kInvalid with a violation when the token is not one of ours.
core::Result<std::optional<ListCursor>> ListCursorOf(const std::string& page_token);
core::Result<std::optional<CaseCursor>> CursorOf(const std::string& page_token);

}  // namespace tilts::case_intake
