#include "postgres/value.hpp"

#include <absl/strings/ascii.h>

#include <charconv>
#include <pqxx/pqxx>
#include <stdexcept>

#include "postgres/text_format.hpp"

namespace tilts::postgres {
namespace {

const pqxx::result& ResultOf(const void* result) {
  return *static_cast<const pqxx::result*>(result);
}

// A mistake in a statement of ours; caught where every unexpected exception is, as kInternal.
[[noreturn]] void Wrong(const void* result, int column, const char* what) {
  throw std::logic_error("column " + std::to_string(column) + " (" + ResultOf(result).column_name(column) + ") " +
                         what);
}

}  // namespace

Param::Param(double number) : text_(FormatDouble(number)) {}
Param::Param(Bytes bytes) : text_(FormatBytes(bytes.data)) {}
Param::Param(core::CityTime time) : text_(core::FormatRfc3339(time)) {}
Param::Param(const std::vector<std::string>& texts) : text_(FormatTextArray(texts)) {}

Param::Param(const std::vector<std::int64_t>& numbers) {
  std::string array = "{";
  for (const std::int64_t number : numbers) {
    if (array.size() > 1) array += ',';
    array += std::to_string(number);
  }
  text_ = array + "}";
}

bool Row::IsNull(int column) const {
  const pqxx::result& result = ResultOf(result_);
  if (column < 0 || column >= static_cast<int>(result.columns())) {
    throw std::logic_error("the statement has no column " + std::to_string(column));
  }
  return result[static_cast<pqxx::result::size_type>(index_)][column].is_null();
}

std::string_view Row::View(int column) const {
  if (IsNull(column)) Wrong(result_, column, "is null");
  const pqxx::field field = ResultOf(result_)[static_cast<pqxx::result::size_type>(index_)][column];
  return {field.c_str(), field.size()};
}

std::string Row::Text(int column) const {
  return std::string(View(column));
}

std::int64_t Row::Int(int column) const {
  const std::string_view text = View(column);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) Wrong(result_, column, "is not a whole number");
  return number;
}

double Row::Double(int column) const {
  const auto number = ParseDouble(View(column));
  if (!number) Wrong(result_, column, "is not a number");
  return *number;
}

bool Row::Bool(int column) const {
  const std::string_view text = View(column);
  if (text != "t" && text != "f") Wrong(result_, column, "is not a boolean");
  return text == "t";
}

std::string Row::BytesOf(int column) const {
  auto bytes = ParseBytes(View(column));
  if (!bytes) Wrong(result_, column, "is not a bytea");
  return std::move(*bytes);
}

core::CityTime Row::Time(int column) const {
  const auto time = ParseTimestamp(View(column));
  if (!time) Wrong(result_, column, "is not a timestamptz");
  return *time;
}

std::vector<std::string> Row::Texts(int column) const {
  auto texts = ParseTextArray(View(column));
  if (!texts) Wrong(result_, column, "is not a text[] without nulls");
  return std::move(*texts);
}

std::optional<std::string> Row::OptionalText(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Text(column));
}
std::optional<std::int64_t> Row::OptionalInt(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Int(column));
}
std::optional<core::CityTime> Row::OptionalTime(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Time(column));
}
std::optional<std::string> Row::OptionalBytes(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(BytesOf(column));
}

}  // namespace tilts::postgres
