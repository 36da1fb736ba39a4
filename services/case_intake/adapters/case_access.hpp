#pragma once

#include "auth/access_decision.hpp"
#include "auth/principal.hpp"
#include "case_intake/domain/case.hpp"
#include "case_intake/domain/case_moves.hpp"

namespace tilts::case_intake {

// Who may see and move a case: its coordinator, while it is that. The caller's other parts (reporter, recipient of a
// referral) have doors of their own.
inline auth::AccessDecision MayHandle(const auth::Principal& principal, const Case& current) {
  const bool coordinator =
      principal.kind == auth::Principal::Kind::kInstitution && principal.institution_id == current.facts.coordinator_id;
  return coordinator ? auth::AccessDecision::Allow("COORDINATOR") : auth::AccessDecision::Deny("NOT_A_PARTY");
}

}  // namespace tilts::case_intake
