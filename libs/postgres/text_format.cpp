#include "postgres/text_format.hpp"

#include <array>
#include <charconv>

namespace tilts::postgres {
namespace {

int HexValue(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// Reads one element from `text` at `at`, which is behind '{' or ','.
std::optional<std::string> ParseElement(std::string_view text, std::size_t& at) {
  std::string element;
  if (at < text.size() && text[at] == '"') {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\' && ++at == text.size()) return std::nullopt;
      element += text[at];
    }
    if (at == text.size()) return std::nullopt;
    ++at;
    return element;
  }
  while (at < text.size() && text[at] != ',' && text[at] != '}') {
    if (text[at] == '{' || text[at] == '"') return std::nullopt;
    element += text[at++];
  }
  if (element.empty() || element == "NULL") return std::nullopt;
  return element;
}

}  // namespace

std::string FormatBytes(std::string_view data) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "\\x";
  text.reserve(2 + 2 * data.size());
  for (const char byte : data) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 0xf];
  }
  return text;
}

std::optional<std::string> ParseBytes(std::string_view text) {
  if (!text.starts_with("\\x") || text.size() % 2 != 0) return std::nullopt;
  std::string data;
  data.reserve(text.size() / 2 - 1);
  for (std::size_t at = 2; at < text.size(); at += 2) {
    const int high = HexValue(text[at]);
    const int low = HexValue(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    data += static_cast<char>(high << 4 | low);
  }
  return data;
}

std::string FormatTextArray(const std::vector<std::string>& texts) {
  std::string array = "{";
  for (const std::string& text : texts) {
    if (array.size() > 1) array += ',';
    array += '"';
    for (const char letter : text) {
      if (letter == '"' || letter == '\\') array += '\\';
      array += letter;
    }
    array += '"';
  }
  return array + "}";
}

std::optional<std::vector<std::string>> ParseTextArray(std::string_view text) {
  std::vector<std::string> texts;
  if (text == "{}") return texts;
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return std::nullopt;
  std::size_t at = 1;
  while (true) {
    auto element = ParseElement(text, at);
    if (!element || at >= text.size()) return std::nullopt;
    texts.push_back(std::move(*element));
    if (text[at] == '}') return at + 1 == text.size() ? std::optional(std::move(texts)) : std::nullopt;
    if (text[at] != ',') return std::nullopt;
    ++at;
  }
}

std::string FormatDouble(double number) {
  std::array<char, 64> buffer;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string("NaN");
}

std::optional<double> ParseDouble(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<core::CityTime> ParseTimestamp(std::string_view text) {
  if (text.size() < 22 || text[10] != ' ' || !text.ends_with("+00")) return std::nullopt;
  std::string rfc3339(text.substr(0, text.size() - 3));
  rfc3339[10] = 'T';
  auto time = core::ParseRfc3339(rfc3339 + "Z");
  return time ? std::optional(*time) : std::nullopt;
}

}  // namespace tilts::postgres
