#include "indicator_aggregation/app/value_table.hpp"

#include <map>
#include <tuple>
#include <utility>

#include "core/concat.hpp"
#include "indicator_aggregation/domain/suppression.hpp"

namespace tilts::indicator_aggregation {
namespace {

using indicators::v1::OfficialFigure;
using indicators::v1::Value;

// The version comes last: the same cell counted by two of them stands in two lines.
using Key = std::tuple<std::string, std::string, std::string, std::string, int>;

Key KeyOf(const Cell& cell) {
  return {cell.school_year, cell.municipality, cell.institution_id, cell.category, cell.definition_version};
}

// Suppressed cells, by key; each year, municipality and version is a table of its own. A median is as small as the
// number of those it was taken of.
std::map<Key, bool> SuppressedOf(const Definition& definition, const std::vector<StoredValue>& values,
                                 std::int64_t smallest) {
  const bool median = definition.unit == Unit::kHours;
  std::map<std::tuple<std::string, std::string, int>, std::pair<std::vector<TableCell>, std::vector<Key>>> tables;
  for (const auto& [cell, numbers, frozen, late_facts] : values) {
    auto& [cells, keys] = tables[{cell.school_year, cell.municipality, cell.definition_version}];
    cells.push_back({cell.institution_id, cell.category, median ? numbers.denominator : numbers.numerator,
                     median ? 0 : numbers.denominator, false});
    keys.push_back(KeyOf(cell));
  }
  std::map<Key, bool> suppressed;
  for (auto& [name, table] : tables) {
    Suppress(table.first, smallest);
    for (std::size_t i = 0; i < table.first.size(); ++i) suppressed[table.second[i]] = table.first[i].suppressed;
  }
  return suppressed;
}

Value Empty(const std::string& indicator_id, const Key& key) {
  Value value;
  value.set_indicator_id(indicator_id);
  value.set_school_year(std::get<0>(key));
  value.set_municipality(std::get<1>(key));
  value.set_institution_id(std::get<2>(key));
  value.set_category(std::get<3>(key));
  value.set_definition_version(static_cast<std::uint32_t>(std::get<4>(key)));
  return value;
}

void SetNumbers(Value& value, const Definition& definition, const Numbers& numbers) {
  value.set_numerator(static_cast<std::uint64_t>(numbers.numerator));
  value.set_denominator(static_cast<std::uint64_t>(numbers.denominator));
  const bool share = definition.unit == Unit::kPerMille;
  const double divisor = share ? static_cast<double>(numbers.denominator) : 1;
  if (divisor > 0) value.set_value((share ? 1'000.0 : 1.0) * static_cast<double>(numbers.numerator) / divisor);
}

std::string Quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return quoted + "\"";
}

}  // namespace

std::vector<Value> TableFor(const Reader& reader, const Definition& definition, const std::vector<StoredValue>& values,
                            const std::vector<OfficialFigure>& official, std::int64_t smallest_cell) {
  const std::map<Key, bool> suppressed = SuppressedOf(definition, values, smallest_cell);
  std::map<Key, Value> shown;
  for (const auto& [cell, numbers, frozen, late_facts] : values) {
    if (!reader.may_see(cell.institution_id, cell.municipality)) continue;
    const Key key = KeyOf(cell);
    Value& value = shown.emplace(key, Empty(definition.indicator_id, key)).first->second;
    value.set_computed(true);
    value.set_frozen(frozen);
    value.set_late_facts(late_facts);
    const bool own = !cell.institution_id.empty() && cell.institution_id == reader.institution_id;
    value.set_suppressed(suppressed.at(key) && !own);
    if (!value.suppressed()) SetNumbers(value, definition, numbers);
  }
  for (const OfficialFigure& figure : official) {
    if (!reader.may_see(figure.institution_id(), figure.municipality())) continue;
    const Key key{figure.school_year(), figure.municipality(), figure.institution_id(), figure.category(),
                  definition.version};
    Value& value = shown.emplace(key, Empty(definition.indicator_id, key)).first->second;
    value.set_official_value(figure.value());
    value.set_official_source(figure.source());
  }
  std::vector<Value> table;
  for (auto& [key, value] : shown) table.push_back(std::move(value));
  return table;
}

std::string ToCsv(const std::vector<Value>& values) {
  std::string csv =
      "indicator_id,definition_version,school_year,municipality,institution_id,category,numerator,denominator,value,"
      "computed,suppressed,official_value,official_source\r\n";
  for (const Value& value : values) {
    const bool numbers = value.computed() && !value.suppressed();
    csv += core::Concat(Quoted(value.indicator_id()), ",", value.definition_version(), ",", Quoted(value.school_year()),
                        ",", Quoted(value.municipality()), ",", Quoted(value.institution_id()), ",",
                        Quoted(value.category()), ",");
    csv += numbers ? core::Concat(value.numerator(), ",", value.denominator(), ",", value.value(), ",") : ",,,";
    csv += core::Concat(value.computed() ? "true" : "false", ",", value.suppressed() ? "true" : "false", ",");
    if (value.has_official_value()) csv += core::Concat(value.official_value());
    csv += "," + Quoted(value.official_source()) + "\r\n";
  }
  return csv;
}

}  // namespace tilts::indicator_aggregation
