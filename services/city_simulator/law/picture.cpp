#include "city_simulator/law/picture.hpp"

#include <tilts/cases/v1/events.pb.h>

#include <algorithm>

namespace tilts::city_simulator {

Picture Join(const Picture& known, const Picture& added) {
  Picture joined = known;
  const auto fill = [](auto& into, const auto& from) {
    if (into == std::decay_t<decltype(into)>{}) into = from;
  };
  joined.concerns.insert(added.concerns.begin(), added.concerns.end());
  joined.aggravating.insert(added.aggravating.begin(), added.aggravating.end());
  fill(joined.relation, added.relation);
  if (added.relation == codes::v1::RELATION_FAMILY) joined.relation = codes::v1::RELATION_FAMILY;
  fill(joined.place, added.place);
  joined.level = std::max(known.level, added.level);
  joined.urgency = std::max(known.urgency, added.urgency);
  fill(joined.age, added.age);
  fill(joined.school, added.school);
  fill(joined.residence, added.residence);
  fill(joined.event_municipality, added.event_municipality);
  joined.in_care = known.in_care || added.in_care;
  joined.staff_alleged = known.staff_alleged || added.staff_alleged;
  fill(joined.staff_institution, added.staff_institution);
  return joined;
}

Picture PictureOf(const cases::v1::CaseFacts& facts) {
  Picture picture;
  picture.stream = facts.stream();
  for (const int concern : facts.concerns()) picture.concerns.insert(static_cast<codes::v1::ConcernCode>(concern));
  picture.relation = facts.relation();
  picture.place = facts.place();
  for (const int fact : facts.aggravating()) picture.aggravating.insert(static_cast<codes::v1::AggravatingFact>(fact));
  picture.level = facts.level();
  picture.urgency = facts.urgency();
  picture.age = facts.age_years();
  picture.school = facts.school_id();
  picture.residence = facts.residence_municipality();
  picture.event_municipality = facts.place_municipality();
  picture.in_care = facts.in_out_of_family_care();
  picture.staff_alleged = facts.staff_alleged();
  picture.staff_institution = facts.staff_institution_id();
  picture.coordinator = facts.coordinator_id();
  return picture;
}

std::string Describe(const Picture& picture) {
  std::string text = codes::v1::Stream_Name(picture.stream) + " level=" + std::to_string(picture.level) + " " +
                     codes::v1::Urgency_Name(picture.urgency);
  for (const auto concern : picture.concerns) text += " " + codes::v1::ConcernCode_Name(concern);
  for (const auto fact : picture.aggravating) text += " " + codes::v1::AggravatingFact_Name(fact);
  text += " " + codes::v1::Relation_Name(picture.relation) + " " + codes::v1::Place_Name(picture.place);
  text += " age=" + std::to_string(picture.age) + " school=" + picture.school + " residence=" + picture.residence +
          " at=" + picture.event_municipality;
  if (picture.in_care) text += " in-care";
  if (picture.staff_alleged) text += " staff-of=" + picture.staff_institution;
  return text + " coordinator=" + picture.coordinator;
}

}  // namespace tilts::city_simulator
