#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "calendar/riga_time.hpp"
#include "core/result.hpp"

namespace tilts::calendar::internal {

// Strict reading of a JSON file: every question is answered with a value or with the path at fault.
class JsonReader {
 public:
  JsonReader(const nlohmann::json& value, std::string path) : value_(value), path_(std::move(path)) {}

  const nlohmann::json& value() const { return value_; }
  tl::unexpected<core::Error> Wrong(std::string_view expected) const;

  core::Status OnlyKeys(std::initializer_list<std::string_view> keys) const;
  bool Has(std::string_view key) const;
  core::Result<JsonReader> At(std::string_view key) const;
  core::Result<JsonReader> At(std::size_t index) const;
  // Elements of the list `key`; a missing list is empty.
  core::Result<std::vector<JsonReader>> List(std::string_view key) const;

  core::Result<std::string> Text() const;
  core::Result<std::string> Text(std::string_view key) const;
  core::Result<int> Number(std::string_view key) const;
  core::Result<bool> Flag(std::string_view key) const;  // missing = false
  core::Result<LocalDate> Date() const;
  core::Result<LocalDate> Date(std::string_view key) const;

 private:
  const nlohmann::json& value_;
  std::string path_;
};

}  // namespace tilts::calendar::internal
