#include "case_intake/domain/coordinator.hpp"

namespace tilts::case_intake {

std::string ChooseCoordinator(const Rules& rules, const CaseFacts& facts, core::CityTime now) {
  const Institutions& institutions = rules.institutions;
  if (institutions.empty()) {
    const bool bypass = facts.staff_alleged && facts.coordinator_id == facts.staff_institution_id;
    return facts.coordinator_id.empty() || bypass ? rules.fallback_coordinator_id : facts.coordinator_id;
  }
  if (facts.staff_alleged) {
    const Institution* department = institutions.Competent(InstitutionKind::kIksd, {}, now);
    return department != nullptr ? department->id : rules.fallback_coordinator_id;
  }
  if (const Institution* school = institutions.Valid(facts.school_id, now);
      school != nullptr && school->kind == InstitutionKind::kSchool) {
    return school->id;
  }
  if (!facts.residence_municipality.empty()) {
    for (const InstitutionKind kind : {InstitutionKind::kSocialService, InstitutionKind::kOtherMunicipality}) {
      const Institution* found = institutions.Competent(kind, facts.residence_municipality, now);
      if (found != nullptr) return found->id;
    }
  }
  return rules.fallback_coordinator_id;
}

}  // namespace tilts::case_intake
