#include "wire/json_syntax.hpp"

#include <absl/strings/str_cat.h>

#include <set>
#include <string>
#include <vector>

#include "wire/field_path.hpp"

namespace tilts::wire {
namespace {

core::Error SyntaxError(std::string field, std::string code, std::string message) {
  core::Error error{core::Errc::kInvalid, "The body is not acceptable JSON.", "JSON_INVALID", {}, 0};
  error.violations.push_back({std::move(field), std::move(code), std::move(message)});
  return error;
}

// Sees every token once, before a tree is built: depth and repeated keys are found here.
class StrictReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Enter(); }
  bool end_object() override { return Leave(); }
  bool start_array(std::size_t) override { return Enter(); }
  bool end_array() override { return Leave(); }

  bool key(string_t& name) override {
    if (keys_.back().insert(name).second) return true;
    error_ = SyntaxError(PrintableKey(name), "JSON_DUPLICATE_KEY", "Send each key once per object.");
    return false;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    // The library's own text repeats the last token, which may be a person's name.
    error_ =
        SyntaxError("", "JSON_SYNTAX",
                    absl::StrCat("Not valid JSON at byte ", position, ": check quotes, commas, brackets and UTF-8."));
    return false;
  }

  const core::Error& error() const { return error_; }

 private:
  bool Enter() {
    keys_.emplace_back();
    if (keys_.size() <= kMaxJsonDepth) return true;
    error_ = SyntaxError("", "JSON_TOO_DEEP", absl::StrCat("Nest at most ", kMaxJsonDepth, " levels."));
    return false;
  }

  bool Leave() {
    keys_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> keys_;
  core::Error error_;
};

}  // namespace

core::Result<nlohmann::json> ParseStrictJson(std::string_view text) {
  // The library takes a zero byte for the end of the text and would not look at what follows.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
    return core::Fail(SyntaxError("", "JSON_SYNTAX", absl::StrCat("Not valid JSON at byte ", zero, ": a zero byte.")));
  }
  try {
    StrictReader reader;
    if (!nlohmann::json::sax_parse(text, &reader)) return core::Fail(reader.error());
    return nlohmann::json::parse(text);
  } catch (const std::exception&) {
    return core::Fail(SyntaxError("", "JSON_SYNTAX", "Not valid JSON."));
  }
}

}  // namespace tilts::wire
