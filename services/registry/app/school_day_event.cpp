#include "registry/app/school_day_event.hpp"

#include <tilts/codes/v1/codes.pb.h>
#include <tilts/facts/v1/events.pb.h>

#include "events/draft.hpp"

namespace tilts::registry {
namespace {

constexpr std::string_view kTopic = "tilts.learning.v1";
constexpr const char* kControl = "school-day";

int DayNumber(calendar::LocalDate day) {
  return static_cast<int>(day.time_since_epoch().count());
}

}  // namespace

std::string SchoolDayEventId(calendar::LocalDate day) {
  return events::DerivedId("school-day/" + calendar::FormatDate(day), "registry/school-day-closed/v1", 0);
}

core::Result<std::vector<events::Draft>> AnnounceSchoolDay(const SchoolDay& closed, const std::string& calendar_version,
                                                           core::CityTime closed_at, core::CityTime now) {
  facts::v1::SchoolDayClosed event;
  event.set_control(kControl);
  event.set_day(DayNumber(closed.day));
  event.set_school_year(closed.school_year);
  event.set_semester(closed.semester);
  event.set_semester_from_day(DayNumber(closed.semester_from));
  event.set_school_year_from_day(DayNumber(closed.school_year_from));
  event.set_school_day_of_year(closed.number_of_year);
  event.set_calendar_version(calendar_version);
  events::Meta meta;
  meta.id = SchoolDayEventId(closed.day);
  meta.source = "/registry";
  meta.subject = kControl;
  meta.purpose = codes::v1::PURPOSE_PMP;
  meta.occurred_at = closed_at;
  meta.recorded_at = now;
  meta.school_year = closed.school_year;
  return events::MakeBroadcast(event, meta, kTopic);
}

}  // namespace tilts::registry
