#include "indicator_aggregation/app/official_check.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "calendar/riga_time.hpp"
#include "core/concat.hpp"
#include "wire/json.hpp"

namespace tilts::indicator_aggregation {
namespace {

constexpr std::size_t kLongestText = 500;

bool AreDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char letter) { return letter >= '0' && letter <= '9'; });
}

bool IsYear(std::string_view text) {
  if (text.size() == 4) return AreDigits(text);
  return text.size() == 7 && text[4] == '/' && AreDigits(text.substr(0, 4)) && AreDigits(text.substr(5));
}

bool IsText(const std::string& text) {
  return !text.empty() && text.size() <= kLongestText && text.find('\0') == std::string::npos;
}

}  // namespace

core::Status CheckFigures(const DefinitionBook& book, const std::vector<indicators::v1::OfficialFigure>& figures) {
  std::vector<core::Violation> faults;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const indicators::v1::OfficialFigure& figure = figures[i];
    const auto wrong = [&](const char* field, const char* code, const char* message) {
      faults.push_back({core::Concat("figures[", i, "].", field), code, message});
    };
    const Definition* definition = book.definitions.Find(figure.indicator_id());
    if (definition == nullptr) {
      wrong("indicator_id", "INDICATOR_UNKNOWN", "use an id that ListIndicators gives");
    } else if (!IsCategory(book.definitions, *definition, figure.category())) {
      wrong("category", "CATEGORY_UNKNOWN", "use a value of the indicator's disaggregation, or nothing for the total");
    }
    if (!IsYear(figure.school_year())) wrong("school_year", "YEAR", "write 2022/23, or 2022 for a calendar year");
    if (!IsText(figure.municipality())) wrong("municipality", "MISSING", "name the municipality");
    if (!IsText(figure.source())) wrong("source", "MISSING", "say in at most 500 characters where it was published");
    if (figure.institution_id().size() > kLongestText) wrong("institution_id", "TOO_LONG", "use an institution's id");
    if (!std::isfinite(figure.value()) || figure.value() < 0) wrong("value", "VALUE", "give a number of 0 or more");
    if (!figure.published_on().empty() && !calendar::ParseDate(figure.published_on())) {
      wrong("published_on", "DATE", "write the date as 2024-06-30");
    }
  }
  if (faults.empty()) return {};
  return core::Fail(core::Error{core::Errc::kInvalid, "an official figure is not complete", "OFFICIAL_FIGURES",
                                std::move(faults), 0});
}

core::Result<indicators::v1::OfficialFigureFile> ParseOfficialFile(const DefinitionBook& book,
                                                                   const std::string& text) {
  indicators::v1::OfficialFigureFile file;
  TILTS_CHECK(wire::FromJson(text, file));
  if (file.version().empty() || file.source().empty()) {
    return core::Fail(core::Errc::kInvalid, "a file of official figures has a version and a source", "OFFICIAL_FILE");
  }
  TILTS_CHECK(CheckFigures(book, {file.figures().begin(), file.figures().end()}));
  return file;
}

}  // namespace tilts::indicator_aggregation
