#include "notification/domain/endpoint_address.hpp"

#include <algorithm>

namespace tilts::notification::domain {
namespace {

constexpr std::size_t kLongestUrl = 2000;
constexpr std::size_t kLongestHost = 253;

tl::unexpected<core::Error> Wrong(std::string code, std::string message) {
  return core::Fail(core::Error{
      core::Errc::kInvalid, "the endpoint's address cannot be used: " + message, code, {{"url", code, message}}, 0});
}

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool IsHostCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool IsAddressCharacter(char c) {
  return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

// "host:port" or "[::1]:port" -> the host; the port must be digits.
core::Result<std::string> HostOf(std::string_view authority) {
  std::size_t end = authority.find(':');
  if (!authority.empty() && authority.front() == '[') {
    end = authority.find(']');
    if (end != std::string_view::npos) ++end;
  }
  const std::string_view host = authority.substr(0, end);
  const std::string_view port = end >= authority.size() ? std::string_view() : authority.substr(end);
  const bool port_fits = port.empty() || (port.front() == ':' && port.size() > 1 && port.size() <= 6 &&
                                          port.find_first_not_of("0123456789", 1) == std::string_view::npos);
  if (!port_fits) return Wrong("URL_FORM", "write the port as digits after a colon");
  return NormaliseHost(host);
}

}  // namespace

core::Result<std::string> NormaliseHost(std::string_view host) {
  std::string name(host);
  std::transform(name.begin(), name.end(), name.begin(), Lower);
  const bool bracketed = name.size() > 4 && name.front() == '[' && name.back() == ']' &&
                         std::all_of(name.begin() + 1, name.end() - 1, IsAddressCharacter);
  const bool plain = !name.empty() && name.size() <= kLongestHost && name.front() != '.' && name.front() != '-' &&
                     std::all_of(name.begin(), name.end(), IsHostCharacter);
  if (!bracketed && !plain) return Wrong("URL_FORM", "name a host by letters, digits, '-' and '.'");
  return name;
}

core::Status CheckAddress(std::string_view url, const AddressRules& rules) {
  if (url.size() > kLongestUrl) return Wrong("URL_LENGTH", "use at most 2000 characters");
  if (std::any_of(url.begin(), url.end(), [](char c) { return c <= ' ' || c > '~' || c == '\\'; })) {
    return Wrong("URL_FORM", "use printable ASCII without spaces and backslashes; escape the rest with %");
  }
  std::string_view rest = url;
  if (rest.substr(0, 8) == "https://") {
    rest.remove_prefix(8);
  } else if (rules.anywhere && rest.substr(0, 7) == "http://") {
    rest.remove_prefix(7);
  } else {
    return Wrong("URL_SCHEME", "start it with https://");
  }
  if (rest.find('#') != std::string_view::npos) return Wrong("URL_FORM", "leave the fragment out");
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  if (authority.find('@') != std::string_view::npos) {
    return Wrong("URL_CREDENTIALS", "leave user and password out; deliveries are signed");
  }
  TILTS_ASSIGN(const std::string host, HostOf(authority));
  if (rules.anywhere || rules.allowed_hosts.count(host) > 0) return {};
  return core::Fail(core::Errc::kRefused, "this host is not allowed for the institution: ask the operator to allow it",
                    "HOST_NOT_ALLOWED");
}

}  // namespace tilts::notification::domain
