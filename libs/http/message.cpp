#include "http/message.hpp"

#include <algorithm>

namespace tilts::http {
namespace {

int HexDigit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

char ToLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return ToLower(x) == ToLower(y); });
}

bool IsTokenCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

}  // namespace

void Headers::Set(std::string_view name, std::string value) {
  std::erase_if(fields_, [name](const auto& field) { return EqualsIgnoreCase(field.first, name); });
  Add(std::string(name), std::move(value));
}

std::optional<std::string_view> Headers::Find(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (EqualsIgnoreCase(field, name)) return value;
  }
  return std::nullopt;
}

bool IsSafeField(std::string_view name, std::string_view value) {
  constexpr std::string_view kLineBreakers("\r\n\0", 3);
  return !name.empty() && std::all_of(name.begin(), name.end(), IsTokenCharacter) &&
         value.find_first_of(kLineBreakers) == std::string_view::npos;
}

std::optional<std::string_view> Request::QueryValue(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

Response PlainProblem(int status, std::string_view title) {
  return Response{
      status,
      {{"Content-Type", "application/problem+json"}},
      R"({"type":"about:blank","title":")" + std::string(title) + R"(","status":)" + std::to_string(status) + "}"};
}

core::Result<std::string> DecodePercent(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      decoded.push_back(' ');
    } else if (text[i] != '%') {
      decoded.push_back(text[i]);
    } else {
      const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = high >= 0 ? HexDigit(text[i + 2]) : -1;
      if (low < 0 || high * 16 + low == 0) {
        return core::Fail(core::Errc::kInvalid, "write a percent escape as % and two hex digits, not zero",
                          "PERCENT_ENCODING");
      }
      decoded.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return decoded;
}

core::Status ParseTarget(std::string_view target, Request& request) {
  if (target.empty() || (target.front() != '/' && target != "*")) {
    return core::Fail(core::Errc::kInvalid, "start the request target with a slash", "REQUEST_TARGET");
  }
  request.target = std::string(target);
  const std::size_t mark = target.find('?');
  request.path = std::string(target.substr(0, mark));
  if (mark == std::string_view::npos) return {};
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    TILTS_ASSIGN(std::string name, DecodePercent(pair.substr(0, equals), true));
    std::string value;
    if (equals != std::string_view::npos) {
      TILTS_ASSIGN(value, DecodePercent(pair.substr(equals + 1), true));
    }
    request.query.emplace_back(std::move(name), std::move(value));
  }
  return {};
}

}  // namespace tilts::http
