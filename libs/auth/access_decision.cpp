#include "auth/access_decision.hpp"

namespace tilts::auth {

core::Status HideWhenDenied(const AccessDecision& decision, std::string_view what) {
  if (decision.allowed) return {};
  return core::Fail(core::Errc::kNotFound, "There is no such " + std::string(what) + ".");
}

}  // namespace tilts::auth
