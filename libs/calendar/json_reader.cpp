#include "calendar/json_reader.hpp"

#include <absl/strings/str_cat.h>

#include <algorithm>

namespace tilts::calendar::internal {

using core::Result;

tl::unexpected<core::Error> JsonReader::Wrong(std::string_view expected) const {
  core::Error error{core::Errc::kInvalid,
                    absl::StrCat("calendar data: ", path_, " must be ", std::string(expected)),
                    "CALENDAR_DATA",
                    {},
                    0};
  error.violations.push_back({path_, "CALENDAR_DATA", absl::StrCat("must be ", std::string(expected))});
  return core::Fail(std::move(error));
}

core::Status JsonReader::OnlyKeys(std::initializer_list<std::string_view> keys) const {
  if (!value_.is_object()) return Wrong("an object");
  for (const auto& [key, unused] : value_.items()) {
    if (std::ranges::find(keys, key) == keys.end()) {
      // A key may be any text: what could not stand in a line of a log is not repeated.
      const bool plain = key.size() <= 64 && std::ranges::all_of(key, [](char c) { return c >= ' ' && c <= '~'; });
      return JsonReader(value_, path_ + "." + (plain ? key : "?")).Wrong("left out: the key is unknown");
    }
  }
  return {};
}

bool JsonReader::Has(std::string_view key) const {
  return value_.is_object() && value_.contains(key);
}

Result<JsonReader> JsonReader::At(std::string_view key) const {
  const std::string path = absl::StrCat(path_, ".", std::string(key));
  if (!Has(key)) return JsonReader(value_, path).Wrong("given");
  return JsonReader(value_.at(std::string(key)), path);
}

Result<JsonReader> JsonReader::At(std::size_t index) const {
  const std::string path = absl::StrCat(path_, "[", index, "]");
  if (!value_.is_array() || index >= value_.size()) return JsonReader(value_, path).Wrong("given");
  return JsonReader(value_.at(index), path);
}

Result<std::vector<JsonReader>> JsonReader::List(std::string_view key) const {
  std::vector<JsonReader> elements;
  if (!Has(key)) return elements;
  TILTS_ASSIGN(const JsonReader list, At(key));
  if (!list.value_.is_array()) return list.Wrong("a list");
  for (std::size_t i = 0; i < list.value_.size(); ++i) {
    elements.emplace_back(list.value_.at(i), absl::StrCat(list.path_, "[", i, "]"));
  }
  return elements;
}

Result<std::string> JsonReader::Text() const {
  if (!value_.is_string() || value_.get_ref<const std::string&>().empty()) return Wrong("a text");
  return value_.get<std::string>();
}

Result<std::string> JsonReader::Text(std::string_view key) const {
  TILTS_ASSIGN(const JsonReader field, At(key));
  return field.Text();
}

Result<int> JsonReader::Number(std::string_view key) const {
  TILTS_ASSIGN(const JsonReader field, At(key));
  if (!field.value_.is_number_integer()) return field.Wrong("a whole number");
  const auto number = field.value_.get<std::int64_t>();
  // Beyond 63 bits the conversion would wrap around to a small number.
  const bool wraps = field.value_.is_number_unsigned() && number < 0;
  if (wraps || number < -1'000'000 || number > 1'000'000) return field.Wrong("a small whole number");
  return static_cast<int>(number);
}

Result<bool> JsonReader::Flag(std::string_view key) const {
  if (!Has(key)) return false;
  TILTS_ASSIGN(const JsonReader field, At(key));
  if (!field.value_.is_boolean()) return field.Wrong("true or false");
  return field.value_.get<bool>();
}

Result<LocalDate> JsonReader::Date() const {
  if (value_.is_string()) {
    if (auto date = ParseDate(value_.get_ref<const std::string&>())) return *date;
  }
  return Wrong("a date like 2026-03-02");
}

Result<LocalDate> JsonReader::Date(std::string_view key) const {
  TILTS_ASSIGN(const JsonReader field, At(key));
  return field.Date();
}

}  // namespace tilts::calendar::internal
