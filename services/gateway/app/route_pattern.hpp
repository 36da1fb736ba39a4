#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "gateway/app/request_path.hpp"

namespace tilts::gateway {

// Field path of the request message -> text from the URL.
using PathVariables = std::vector<std::pair<std::string, std::string>>;

// The path template of a google.api.http rule: literals, {variable} for one segment, and a verb.
// "/v1/cases/{case_id}:close". Templates of several segments ("**", "{name=a/*}") are refused: no
// contract of ours needs them.
class RoutePattern {
 public:
  static core::Result<RoutePattern> Parse(std::string_view text);

  std::optional<PathVariables> Match(const RequestPath& path) const;

  const std::string& text() const { return text_; }
  // With the variables' names left out: two routes of one shape could not be told apart.
  std::string Shape() const;
  const std::vector<std::string>& variables() const { return variables_; }
  // More literal segments first, a verb before none.
  bool MoreSpecificThan(const RoutePattern& other) const;

 private:
  struct Segment {
    bool variable = false;
    std::string text;  // the literal, or the variable's field path
  };

  std::size_t literals() const { return segments_.size() - variables_.size(); }

  std::string text_;
  std::vector<Segment> segments_;
  std::string verb_;
  std::vector<std::string> variables_;
};

}  // namespace tilts::gateway
