#pragma once

#include <set>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace tilts::notification::domain {

struct AddressRules {
  std::set<std::string> allowed_hosts;  // lower case; what an operator allowed the institution
  // Demo and test: plain http and any host, so that receivers may live on this machine.
  bool anywhere = false;
};

// https, a host the institution may use, no credentials, no fragment, at most 2000 printable characters. kInvalid
// with violations URL_SCHEME, URL_FORM, URL_CREDENTIALS, URL_LENGTH; kRefused with reason HOST_NOT_ALLOWED. The
// address itself is never repeated.
core::Status CheckAddress(std::string_view url, const AddressRules& rules);

// A host as it is compared: lower case, letters, digits, '-' and '.', or an address in brackets. kInvalid else.
core::Result<std::string> NormaliseHost(std::string_view host);

}  // namespace tilts::notification::domain
