#include "case_intake/adapters/page_token.hpp"

#include "crypto/encoding.hpp"

namespace tilts::case_intake {

std::string PageTokenAfter(const ListCursor& last) {
  return crypto::ToBase64Url(core::FormatRfc3339(last.at) + " " + last.id);
}

std::string PageTokenAfter(const Case& last) {
  return PageTokenAfter(ListCursor{last.opened_at, last.id.value()});
}

core::Result<std::optional<ListCursor>> ListCursorOf(const std::string& page_token) {
  if (page_token.empty()) return std::nullopt;
  const core::Result<std::string> text = crypto::FromBase64Url(page_token);
  const std::size_t space = text ? text->find(' ') : std::string::npos;
  if (space != std::string::npos) {
    const core::Result<core::CityTime> time = core::ParseRfc3339(text->substr(0, space));
    if (time) return ListCursor{*time, text->substr(space + 1)};
  }
  core::Error error{core::Errc::kInvalid, "The page token is not one this list gave", "PAGE_TOKEN", {}, 0};
  error.violations.push_back({"page_token", "INVALID", "Begin the list anew without a page token"});
  return core::Fail(std::move(error));
}

core::Result<std::optional<CaseCursor>> CursorOf(const std::string& page_token) {
  TILTS_ASSIGN(const std::optional<ListCursor> cursor, ListCursorOf(page_token));
  if (!cursor) return std::nullopt;
  return CaseCursor{cursor->at, core::CaseId(cursor->id)};
}

}  // namespace tilts::case_intake
