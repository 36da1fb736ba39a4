#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace tilts::http {

// Header fields in the order they came; names compare without regard to case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

  void Add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  // Replaces every field of that name.
  void Set(std::string_view name, std::string value);
  // The first field of that name.
  std::optional<std::string_view> Find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// A name or value that would break out of its line is never sent.
bool IsSafeField(std::string_view name, std::string_view value);

struct Request {
  std::string method;  // as sent, e.g. "GET"
  std::string target;  // as sent: path and query
  std::string path;    // still percent-encoded: split it at '/' first, then DecodePercent each part
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
  Headers headers = {};
  std::string body = {};
  std::string remote;  // the peer's IP address

  std::optional<std::string_view> QueryValue(std::string_view name) const;
};

struct Response {
  int status = 200;
  Headers headers = {};
  std::string body = {};
};

// {"type":"about:blank","title":…,"status":…}: what the server itself answers when no handler could.
Response PlainProblem(int status, std::string_view title);

// "%C4%81" -> "ā". Broken escapes and %00 are kInvalid.
core::Result<std::string> DecodePercent(std::string_view text, bool plus_is_space = false);

// Splits a request target (origin form) and decodes its query.
core::Status ParseTarget(std::string_view target, Request& request);

}  // namespace tilts::http
