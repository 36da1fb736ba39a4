// A calendar file, and the hours of an institution.
#include <algorithm>

#include "calendar/calendar_data.hpp"
#include "calendar/open_time.hpp"
#include "require.hpp"

namespace tilts::calendar {
namespace {

using fuzz::Require;

void RequirePath(const core::Error& error) {
  fuzz::RequireTold(error);
  Require(error.code == core::Errc::kInvalid, "a fault of the file is called so");
}

void RequireHours(std::string_view text) {
  const core::Result<DutyHours> hours = ParseDutyHours(text);
  if (!hours) return RequirePath(hours.error());
  Require(!hours->empty() && Validate(*hours).has_value(), "hours that were read can be worked");
  const core::Result<DutyHours> again = ParseDutyHours(FormatDutyHours(*hours));
  Require(again.has_value() && *again == *hours, "hours are written as they can be read");
}

// Every day the calendar covers has an answer, and no day outside has one.
void RequireDays(const Calendar& calendar) {
  const DateRange covers = calendar.covers();
  for (const LocalDate day : {covers.from, covers.to}) {
    const core::Result<bool> working = calendar.IsWorkingDay(day);
    Require(working.has_value(), "a covered day has an answer");
    const core::Result<std::vector<OpenInterval>> hours = calendar.OfficeHours(day);
    Require(hours.has_value() && (*working || hours->empty()), "nobody works on a day off");
    const core::Result<LocalDate> next = calendar.AddWorkingDays(day, 1);
    Require(!next || (*next > day && *calendar.IsWorkingDay(*next)), "the next working day is one");
    Require(!next || calendar.CountWorkingDays(day, *next) == 1, "and the first to be counted");
  }
  Require(!calendar.IsWorkingDay(covers.from - std::chrono::days(1)), "a day before is refused");
  Require(!calendar.IsWorkingDay(covers.to + std::chrono::days(1)), "a day after is refused");
}

}  // namespace
}  // namespace tilts::calendar

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts::calendar;
  const std::string_view text = tilts::fuzz::Input(data, size);
  RequireHours(text);
  const auto calendar = ParseCalendar(text);
  if (calendar) {
    RequireDays(*calendar);
  } else {
    RequirePath(calendar.error());
  }
  return 0;
}
