// The export of indicators: lines of the input become the texts of rows. Whatever they hold, a reader that follows
// RFC 4180 gets the same texts back.
#include <array>

#include "indicator_aggregation/app/value_table.hpp"
#include "require.hpp"

namespace tilts::indicator_aggregation {
namespace {

using fuzz::Require;
using Line = std::vector<std::string>;

constexpr std::size_t kColumns = 13;

// One field from `rest`, with what ends it: ',' or '\n' (for "\r\n").
std::string TakeField(std::string_view& rest, char& end) {
  std::string field;
  if (rest.starts_with('"')) {
    rest.remove_prefix(1);
    for (;;) {
      const std::size_t quote = rest.find('"');
      Require(quote != std::string_view::npos, "a quoted field ends");
      field += rest.substr(0, quote);
      rest.remove_prefix(quote + 1);
      if (!rest.starts_with('"')) break;
      field += '"';
      rest.remove_prefix(1);
    }
  } else {
    const std::size_t stop = rest.find_first_of(",\r\"\n");
    Require(stop != std::string_view::npos && rest[stop] != '"', "only quoted fields hold quotes");
    field = rest.substr(0, stop);
    rest.remove_prefix(stop);
  }
  Require(rest.starts_with(',') || rest.starts_with("\r\n"), "a comma or a line break ends a field");
  end = rest.starts_with(',') ? ',' : '\n';
  rest.remove_prefix(end == ',' ? 1 : 2);
  return field;
}

std::vector<Line> Read(std::string_view csv) {
  std::vector<Line> lines;
  while (!csv.empty()) {
    Line line;
    char end = ',';
    while (end == ',') line.push_back(TakeField(csv, end));
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace
}  // namespace tilts::indicator_aggregation

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts;
  using namespace tilts::indicator_aggregation;
  std::string_view rest = fuzz::Input(data, size);
  std::vector<indicators::v1::Value> values;
  while (!rest.empty() && values.size() < 16) {
    indicators::v1::Value& value = values.emplace_back();
    value.set_indicator_id(std::string(fuzz::TakeLine(rest)));
    value.set_institution_id(std::string(fuzz::TakeLine(rest)));
    value.set_category(std::string(fuzz::TakeLine(rest)) + "\n" + std::string(fuzz::TakeLine(rest)));
    value.set_official_source(std::string(fuzz::TakeLine(rest)));
    value.set_computed(value.category().size() % 2 == 0);
    value.set_suppressed(value.category().size() % 3 == 0);
    value.set_numerator(12'345);
    value.set_denominator(value.category().size());
  }
  const std::vector<Line> lines = Read(ToCsv(values));
  Require(lines.size() == values.size() + 1, "a line for the header and one for each value");
  for (const Line& line : lines) Require(line.size() == kColumns, "every line has every column");
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Line& line = lines[i + 1];
    Require(line[0] == values[i].indicator_id() && line[4] == values[i].institution_id() &&
                line[5] == values[i].category() && line[12] == values[i].official_source(),
            "texts come back as they were");
    const bool hidden = values[i].suppressed() || !values[i].computed();
    Require(hidden == line[6].empty() && hidden == line[7].empty(), "a suppressed cell shows no number");
  }
  return 0;
}
