// Indicator definitions, and official figures beside the definitions that are in force: the same text is tried as both.
#include <cmath>

#include "indicator_aggregation/app/official_check.hpp"
#include "require.hpp"

namespace tilts::indicator_aggregation {
namespace {

using fuzz::Require;

void RequireBook(const std::string& text) {
  const core::Result<DefinitionBook> book = ParseDefinitions({text});
  if (!book) return fuzz::RequireTold(book.error());
  Require(!book->version.empty() && book->hash.size() == 64, "a book is named by version and hash");
  for (const indicators::v1::Definition& contract : book->contracts) {
    const Definition* definition = book->definitions.Find(contract.indicator_id());
    Require(definition != nullptr && book->Contract(contract.indicator_id()) != nullptr, "an indicator is found by id");
    Require(IsCategory(book->definitions, *definition, ""), "the total is a category of every indicator");
  }
}

void RequireFigures(const std::string& text) {
  static const DefinitionBook book = ReadDefinitions(TILTS_SOURCE_DIR "/services/indicator_aggregation/data").value();
  const auto file = ParseOfficialFile(book, text);
  if (!file) return fuzz::RequireTold(file.error());
  for (const indicators::v1::OfficialFigure& figure : file->figures()) {
    Require(book.definitions.Find(figure.indicator_id()) != nullptr, "a figure is of an indicator");
    Require(std::isfinite(figure.value()) && figure.value() >= 0, "and a number that can be shown");
  }
}

}  // namespace
}  // namespace tilts::indicator_aggregation

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(tilts::fuzz::Input(data, size));
  tilts::indicator_aggregation::RequireBook(text);
  tilts::indicator_aggregation::RequireFigures(text);
  return 0;
}
