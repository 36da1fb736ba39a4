#include "referral_routing/domain/institution.hpp"

#include <algorithm>
#include <tuple>

namespace tilts::referral_routing {
namespace {

bool IsCandidate(const Institution& institution, InstitutionKind kind, const RecipientQuery& query) {
  if (institution.kind != kind || !IsInForce(institution, query.at)) return false;
  if (query.tried.contains(institution.id) || query.forbidden.contains(institution.id)) return false;
  if (query.duty == Duty::kReplaceable && institution.at_capacity) return false;
  if (kind == InstitutionKind::kSchool) return institution.id == query.school;
  return Covers(institution, query.territory);
}

const Institution* Best(const std::vector<Institution>& institutions, InstitutionKind kind,
                        const RecipientQuery& query) {
  const auto rank = [](const Institution& i) { return std::make_tuple(i.territory.empty(), i.preference, i.id); };
  const Institution* best = nullptr;
  for (const Institution& institution : institutions) {
    if (!IsCandidate(institution, kind, query)) continue;
    if (best == nullptr || rank(institution) < rank(*best)) best = &institution;
  }
  return best;
}

}  // namespace

bool IsInForce(const Institution& institution, core::CityTime at) {
  return (!institution.valid_from || *institution.valid_from <= at) &&
         (!institution.valid_to || at < *institution.valid_to);
}

bool Covers(const Institution& institution, const std::string& municipality) {
  if (!institution.territory.empty())
    return std::ranges::find(institution.territory, municipality) != institution.territory.end();
  // A counterpart without a territory speaks for its own municipality, never for all of them.
  return institution.kind != InstitutionKind::kOtherMunicipality || institution.municipality == municipality;
}

const Institution* ChooseRecipient(const std::vector<Institution>& institutions, const RecipientQuery& query) {
  for (const InstitutionKind kind : query.kinds) {
    if (const Institution* best = Best(institutions, kind, query)) return best;
  }
  const bool school_only = query.kinds.size() == 1 && query.kinds.front() == InstitutionKind::kSchool;
  return school_only ? nullptr : Best(institutions, InstitutionKind::kOtherMunicipality, query);
}

const Institution* FindInstitution(const std::vector<Institution>& institutions, const core::InstitutionId& id) {
  const auto found = std::ranges::find(institutions, id, &Institution::id);
  return found == institutions.end() ? nullptr : &*found;
}

}  // namespace tilts::referral_routing
