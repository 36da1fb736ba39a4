#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "referral_routing/domain/institution.hpp"
#include "referral_routing/domain/plan.hpp"

namespace tilts::referral_routing {

// The rule behind notices that a law orders: more unexcused lessons in a semester than its line. It is no routing rule,
// because no case stands behind it and no case opens by itself.
inline constexpr char kAbsenceLimitRule[] = "statutory-absence-limit";
inline constexpr char kAbsenceNotice[] = "STATUTORY_ABSENCE_NOTICE";              // the education authority
inline constexpr char kAbsenceTask[] = "ABSENCE_TASK";                            // the school
inline constexpr char kAbsenceNoticeRetracted[] = "STATUTORY_ABSENCE_RETRACTED";  // after it was read
inline constexpr char kAbsenceTaskRetracted[] = "ABSENCE_TASK_RETRACTED";
// Policy of the deadlines of notices; every policy set must have it.
inline constexpr char kNoticePolicy[] = "notice";

bool IsStatutoryNotice(const Referral& referral);

struct CrossedLimit {
  InstitutionId school;
  std::string municipality;  // the school's
  std::string legal_basis;
};

// The notice to the education authority of the municipality and the task of the school. kRefused with reason
// AUTHORITY_UNKNOWN or SCHOOL_UNKNOWN when the directory has none: it is parked until it does.
core::Result<std::vector<Planned>> PlanNotice(const CrossedLimit& limit, const std::vector<Institution>& institutions,
                                              CityTime at);

// What a retraction asks of one of those referrals: nobody has read it, so it goes; or its parties hear of it.
struct Retraction {
  std::vector<core::ReferralId> withdrawn;
  std::vector<Planned> sends;
};
Retraction PlanRetraction(const std::vector<Referral>& existing);

}  // namespace tilts::referral_routing
