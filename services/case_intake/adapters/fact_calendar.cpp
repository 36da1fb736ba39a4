#include "case_intake/adapters/fact_calendar.hpp"

#include "calendar/calendar_data.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kSchools[] = "schools";

}  // namespace

core::Status SchoolDays::Refresh() {
  TILTS_ASSIGN(const registry::v1::ListCalendarsResponse list, fetch_());
  for (const registry::v1::Calendar& one : list.calendars()) {
    if (one.calendar_id() != kSchools) continue;
    TILTS_ASSIGN(calendar::Calendar parsed, calendar::ParseCalendar(one.json()));
    const std::lock_guard lock(mutex_);
    calendar_ = std::move(parsed);
    return {};
  }
  return core::Fail(core::Errc::kNotFound, "the registry has no school calendar", "CALENDAR_UNKNOWN");
}

std::optional<calendar::Calendar> SchoolDays::Current() const {
  const std::lock_guard lock(mutex_);
  return calendar_;
}

}  // namespace tilts::case_intake
