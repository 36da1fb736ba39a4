#include "city_simulator/law/report_picture.hpp"

namespace tilts::city_simulator {

Picture PictureOfReport(const intake::v1::ReportConcernRequest& request, const Directory& directory) {
  using namespace tilts::codes::v1;  // NOLINT: a mapping of codes
  Picture picture;
  picture.stream = request.stream();
  for (const int concern : request.concerns()) picture.concerns.insert(static_cast<ConcernCode>(concern));
  picture.relation = request.relation();
  picture.place = request.place();
  for (const int fact : request.aggravating()) picture.aggravating.insert(static_cast<AggravatingFact>(fact));
  picture.level = request.level();
  picture.event_municipality = request.place_municipality();
  const auto* where = directory.Find(request.place_institution_id());
  if (picture.event_municipality.empty() && where != nullptr) picture.event_municipality = where->municipality();
  const PersonRole child_role = request.stream() == STREAM_PMP ? PERSON_ROLE_SUBJECT : PERSON_ROLE_VICTIM;
  for (const auto& person : request.people()) {
    if (person.role() == child_role) {
      picture.age = person.age_years();
      picture.school = directory.Find(person.school_id()) == nullptr ? "" : person.school_id();
      picture.residence = person.residence_municipality();
      picture.in_care = person.in_out_of_family_care();
    }
    if (person.role() == PERSON_ROLE_ALLEGED_OFFENDER && person.school_staff()) {
      picture.staff_alleged = true;
      picture.staff_institution = person.school_id();
    }
  }
  return picture;
}

}  // namespace tilts::city_simulator
