#include "registry/domain/person.hpp"

#include <algorithm>

namespace tilts::registry {
namespace {

constexpr std::size_t kMostValueBytes = 64;
constexpr std::string_view kBlank = " \t\r\n";

// 0 proves most.
int Weakness(IdentifierSystem system) {
  switch (system) {
    case IdentifierSystem::kNationalCode: return 0;
    case IdentifierSystem::kPassport: return 1;
    case IdentifierSystem::kTemporary: return 2;
    case IdentifierSystem::kPupilNumber: return 3;
  }
  return 4;
}

bool IsPupilNumber(const Match& match) {
  return match.identifier.system == IdentifierSystem::kPupilNumber;
}

void Keep(std::string& known, const std::string& reported) {
  if (!reported.empty()) known = reported;
}

}  // namespace

std::optional<Identifier> ReadIdentifier(int system, std::string_view value, std::string_view institution_id,
                                         std::string_view reporting_institution_id) {
  const bool known_system = system >= static_cast<int>(IdentifierSystem::kNationalCode) &&
                            system <= static_cast<int>(IdentifierSystem::kTemporary);
  const bool blank = value.find_first_not_of(kBlank) == std::string_view::npos;
  if (!known_system || blank || value.size() > kMostValueBytes) return std::nullopt;
  Identifier identifier{static_cast<IdentifierSystem>(system), {}, std::string(value)};
  if (identifier.system == IdentifierSystem::kPupilNumber) {
    identifier.institution_id = institution_id.empty() ? reporting_institution_id : institution_id;
    if (identifier.institution_id.empty()) return std::nullopt;
  }
  return identifier;
}

MatchDecision DecideMatch(const std::vector<Match>& matches, bool enrolment) {
  const bool new_code = std::ranges::any_of(matches, [](const Match& match) {
    return match.identifier.system == IdentifierSystem::kNationalCode && match.person_id.empty();
  });
  const auto somebody_else = [&](const Match& match) {
    return IsPupilNumber(match) && new_code && match.has_national_code;
  };
  MatchDecision decision;
  const Match* strongest = nullptr;
  for (const Match& match : matches) {
    if (match.person_id.empty()) continue;
    if (somebody_else(match) || (strongest != nullptr && match.person_id != strongest->person_id)) {
      decision.conflicting = true;
    }
    if (somebody_else(match)) continue;
    if (strongest == nullptr || Weakness(match.identifier.system) < Weakness(strongest->identifier.system)) {
      strongest = &match;
    }
  }
  if (strongest != nullptr) decision.person_id = strongest->person_id;
  for (const Match& match : matches) {
    const bool taken_over = enrolment && IsPupilNumber(match) && match.person_id != decision.person_id;
    if (match.person_id.empty() || taken_over) decision.to_add.push_back(match.identifier);
  }
  return decision;
}

PersonDetails Merge(PersonDetails known, const PersonDetails& reported) {
  Keep(known.given_name, reported.given_name);
  Keep(known.family_name, reported.family_name);
  Keep(known.birth_date, reported.birth_date);
  Keep(known.school_id, reported.school_id);
  Keep(known.residence_municipality, reported.residence_municipality);
  Keep(known.contact, reported.contact);
  if (reported.age_years != 0) known.age_years = reported.age_years;
  return known;
}

unsigned AgeAt(const PersonDetails& details, core::CityTime at) {
  const auto born = calendar::ParseDate(details.birth_date);
  if (!born) return details.age_years;
  const std::chrono::year_month_day birth{*born};
  const std::chrono::year_month_day today{calendar::RigaDate(at)};
  int years = static_cast<int>(today.year()) - static_cast<int>(birth.year());
  // A birthday on 29 February comes on 1 March in other years.
  if (today.month() / today.day() < birth.month() / birth.day()) --years;
  return years > 0 ? static_cast<unsigned>(years) : 0;
}

}  // namespace tilts::registry
