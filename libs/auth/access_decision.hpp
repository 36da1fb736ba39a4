#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/result.hpp"

namespace tilts::auth {

// The answer to (principal, action, object's current state, purpose). `reason` is a stable code in
// both cases and goes to the audit log; a caller that may not know of an object hears NOT_FOUND.
struct AccessDecision {
  bool allowed = false;
  std::string reason;  // e.g. OWNER, RECIPIENT_PREVIEW, RECIPIENT_ACCEPTED; NOT_A_PARTY, ACCESS_ENDED

  static AccessDecision Allow(std::string reason) { return {true, std::move(reason)}; }
  static AccessDecision Deny(std::string reason) { return {false, std::move(reason)}; }
  bool operator==(const AccessDecision&) const = default;
};

// A refused object looks exactly like one that does not exist: kNotFound, no reason.
core::Status HideWhenDenied(const AccessDecision& decision, std::string_view what);

}  // namespace tilts::auth
