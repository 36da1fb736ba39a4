#include "city_simulator/law/directory.hpp"

#include <algorithm>
#include <tuple>

namespace tilts::city_simulator {
namespace {

using codes::v1::InstitutionKind;
using registry::v1::Institution;

Instant At(const google::protobuf::Timestamp& timestamp) {
  return Instant{std::chrono::seconds{timestamp.seconds()} + std::chrono::microseconds{timestamp.nanos() / 1000}};
}

bool Covers(const Institution& institution, const std::string& municipality) {
  const auto& territory = institution.territory();
  if (!territory.empty()) return std::find(territory.begin(), territory.end(), municipality) != territory.end();
  // Another municipality speaks for itself only; everybody else without a territory is competent everywhere.
  return institution.kind() != codes::v1::INSTITUTION_KIND_OTHER_MUNICIPALITY ||
         institution.municipality() == municipality;
}

}  // namespace

const Institution* Directory::Find(const std::string& id) const {
  const auto found = std::find_if(institutions_.begin(), institutions_.end(),
                                  [&](const Institution& institution) { return institution.institution_id() == id; });
  return found == institutions_.end() ? nullptr : &*found;
}

bool Directory::InForce(const Institution& institution, Instant at) const {
  return (!institution.has_valid_from() || At(institution.valid_from()) <= at) &&
         (!institution.has_valid_to() || at < At(institution.valid_to()));
}

Follows Directory::CalendarOf(const std::string& institution_id) const {
  const Institution* institution = Find(institution_id);
  if (institution == nullptr || institution->calendar_id() == "municipal") return Follows::kMunicipal;
  return institution->calendar_id() == "state" ? Follows::kState : Follows::kSchool;
}

const Institution* Directory::FirstOf(InstitutionKind kind, const Search& search) const {
  const Institution* first = nullptr;
  // An own territory comes before "everywhere", then the city's order of preference, then the id.
  const auto rank = [](const Institution& institution) {
    return std::make_tuple(institution.territory().empty(), institution.preference(), institution.institution_id());
  };
  for (const Institution& institution : institutions_) {
    if (institution.kind() != kind || !InForce(institution, search.at)) continue;
    if (search.passed_over.contains(institution.institution_id())) continue;
    if (search.replaceable && institution.at_capacity()) continue;
    const bool competent = kind == codes::v1::INSTITUTION_KIND_SCHOOL ? institution.institution_id() == search.school
                                                                      : Covers(institution, search.territory);
    if (competent && (first == nullptr || rank(institution) < rank(*first))) first = &institution;
  }
  return first;
}

std::string Directory::Choose(const Search& search) const {
  for (const InstitutionKind kind : search.kinds) {
    if (const Institution* found = FirstOf(kind, search)) return found->institution_id();
  }
  if (search.kinds == std::vector{codes::v1::INSTITUTION_KIND_SCHOOL}) return {};
  // Where no institution of the city knows the territory, that municipality itself stands in.
  const Institution* counterpart = FirstOf(codes::v1::INSTITUTION_KIND_OTHER_MUNICIPALITY, search);
  return counterpart == nullptr ? std::string() : counterpart->institution_id();
}

std::string Directory::Coordinator(const Picture& picture, Instant at) const {
  const auto competent = [&](InstitutionKind kind, const std::string& municipality) {
    const Institution* best = nullptr;
    for (const Institution& institution : institutions_) {
      if (institution.kind() != kind || !InForce(institution, at)) continue;
      if (!municipality.empty() && !Covers(institution, municipality)) continue;
      if (best == nullptr || institution.preference() < best->preference()) best = &institution;
    }
    return best == nullptr ? std::string() : best->institution_id();
  };
  if (picture.staff_alleged) return competent(codes::v1::INSTITUTION_KIND_IKSD, {});
  const Institution* school = Find(picture.school);
  if (school != nullptr && school->kind() == codes::v1::INSTITUTION_KIND_SCHOOL && InForce(*school, at)) {
    return school->institution_id();
  }
  for (const InstitutionKind kind :
       {codes::v1::INSTITUTION_KIND_SOCIAL_SERVICE, codes::v1::INSTITUTION_KIND_OTHER_MUNICIPALITY}) {
    if (picture.residence.empty()) break;
    if (std::string found = competent(kind, picture.residence); !found.empty()) return found;
  }
  return competent(codes::v1::INSTITUTION_KIND_SOCIAL_SERVICE, {});
}

}  // namespace tilts::city_simulator
