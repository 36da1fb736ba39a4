#include "referral_routing/domain/rule.hpp"

#include <algorithm>

namespace tilts::referral_routing {
namespace {

template <typename T>
bool Allows(const std::set<T>& wanted, const T& value) {
  return wanted.empty() || wanted.contains(value);
}

template <typename T>
bool AnyOf(const std::set<T>& wanted, const std::set<T>& present) {
  return wanted.empty() || std::ranges::any_of(present, [&](const T& value) { return wanted.contains(value); });
}

bool AgeFits(const Condition& condition, unsigned age) {
  if (condition.age_from == 0 && condition.age_to == 0) return true;
  if (age == 0) return condition.age_unknown;
  return age >= condition.age_from && (condition.age_to == 0 || age <= condition.age_to);
}

}  // namespace

std::string_view FirstMiss(const Condition& condition, const Situation& situation) {
  const CaseFacts& facts = situation.facts;
  if (!Allows(condition.streams, facts.stream)) return "stream";
  if (!AnyOf(condition.concerns, facts.concerns)) return "concern";
  if (!Allows(condition.relations, facts.relation)) return "relation";
  if (!Allows(condition.places, facts.place)) return "place";
  if (!AnyOf(condition.aggravating, facts.aggravating)) return "aggravating";
  if (!Allows(condition.residences, situation.residence())) return "residence";
  if (facts.level < condition.level_min) return "level";
  if (facts.urgency < condition.urgency_min) return "urgency";
  if (!AgeFits(condition, facts.age_years)) return "age";
  if (condition.in_care && *condition.in_care != facts.in_out_of_family_care) return "in_care";
  if (condition.staff_alleged && *condition.staff_alleged != facts.staff_alleged) return "staff_alleged";
  if (condition.night && *condition.night != situation.night) return "hour";
  return {};
}

}  // namespace tilts::referral_routing
