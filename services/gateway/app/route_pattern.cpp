#include "gateway/app/route_pattern.hpp"

#include <algorithm>

namespace tilts::gateway {
namespace {

tl::unexpected<core::Error> Refuse(std::string_view text) {
  return core::Fail(core::Errc::kInvalid, "The path template " + std::string(text) + " is not supported.",
                    "ROUTE_TEMPLATE");
}

bool IsLiteral(std::string_view text) {
  return !text.empty() && text.find_first_of("{}*=:") == std::string_view::npos;
}

bool IsFieldPath(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; });
}

}  // namespace

core::Result<RoutePattern> RoutePattern::Parse(std::string_view text) {
  RoutePattern pattern;
  pattern.text_ = std::string(text);
  std::string_view rest = text;
  if (rest.size() < 2 || rest.front() != '/') return Refuse(text);
  const std::size_t colon = rest.rfind(':');
  if (colon != std::string_view::npos) {
    pattern.verb_ = std::string(rest.substr(colon + 1));
    if (!IsLiteral(pattern.verb_) || pattern.verb_.find('/') != std::string::npos) return Refuse(text);
    rest = rest.substr(0, colon);
  }
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the slash
    const std::string_view part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(part.size());
    if (part.size() > 2 && part.front() == '{' && part.back() == '}') {
      const std::string_view name = part.substr(1, part.size() - 2);
      if (!IsFieldPath(name)) return Refuse(text);
      pattern.segments_.push_back({true, std::string(name)});
      pattern.variables_.emplace_back(name);
    } else if (IsLiteral(part)) {
      pattern.segments_.push_back({false, std::string(part)});
    } else {
      return Refuse(text);
    }
  }
  return pattern;
}

std::optional<PathVariables> RoutePattern::Match(const RequestPath& path) const {
  if (path.segments.size() != segments_.size() || (!verb_.empty() && verb_ != path.verb)) return std::nullopt;
  PathVariables found;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const bool last = i + 1 == segments_.size();
    const std::string& given = last && !verb_.empty() ? path.stem : path.segments[i];
    if (given.empty()) return std::nullopt;
    if (segments_[i].variable) {
      found.emplace_back(segments_[i].text, given);
    } else if (segments_[i].text != given) {
      return std::nullopt;
    }
  }
  return found;
}

std::string RoutePattern::Shape() const {
  std::string shape;
  for (const Segment& segment : segments_) shape += segment.variable ? "/*" : "/" + segment.text;
  return verb_.empty() ? shape : shape + ':' + verb_;
}

bool RoutePattern::MoreSpecificThan(const RoutePattern& other) const {
  if (verb_.empty() != other.verb_.empty()) return !verb_.empty();
  return literals() > other.literals();
}

}  // namespace tilts::gateway
