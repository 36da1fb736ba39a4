#include "case_intake/domain/facts.hpp"

#include <algorithm>

namespace tilts::case_intake {
namespace {

void FillWhenEmpty(std::string& known, const std::string& added) {
  if (known.empty()) known = added;
}

Relation Merge(Relation known, Relation added) {
  if (known == Relation::kFamily || added == Relation::kFamily) return Relation::kFamily;
  return known == Relation::kUnspecified ? added : known;
}

}  // namespace

CaseFacts Merge(const CaseFacts& known, const CaseFacts& added) {
  CaseFacts merged = known;
  merged.concerns.insert(added.concerns.begin(), added.concerns.end());
  merged.aggravating.insert(added.aggravating.begin(), added.aggravating.end());
  merged.relation = Merge(known.relation, added.relation);
  if (known.place == Place::kUnspecified) merged.place = added.place;
  merged.level = std::max(known.level, added.level);
  merged.urgency = std::max(known.urgency, added.urgency);
  if (known.age_years == 0) merged.age_years = added.age_years;
  FillWhenEmpty(merged.school_id, added.school_id);
  FillWhenEmpty(merged.residence_municipality, added.residence_municipality);
  FillWhenEmpty(merged.place_municipality, added.place_municipality);
  merged.in_out_of_family_care |= added.in_out_of_family_care;
  merged.staff_alleged |= added.staff_alleged;
  FillWhenEmpty(merged.staff_institution_id, added.staff_institution_id);
  if (!known.occurred_at) merged.occurred_at = added.occurred_at;
  merged.subject_known |= added.subject_known;
  return merged;
}

}  // namespace tilts::case_intake
