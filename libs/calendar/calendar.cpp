#include "calendar/calendar.hpp"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

namespace tilts::calendar {
namespace {

using core::Errc;
using core::Fail;
using std::chrono::days;

bool IsWeekend(LocalDate date) {
  return WeekdayIndex(date) >= 5;
}

bool HasDate(const std::vector<LocalDate>& dates, LocalDate date) {
  return std::ranges::binary_search(dates, date);
}

bool InSomeRange(const std::vector<DateRange>& ranges, LocalDate date) {
  return std::ranges::any_of(ranges, [&](const DateRange& range) { return range.Contains(date); });
}

const MovedDay* FindWorkedInstead(const std::vector<MovedDay>& moved, LocalDate date) {
  const auto found = std::ranges::find(moved, date, &MovedDay::worked);
  return found == moved.end() ? nullptr : &*found;
}

bool IsDayOn(const CalendarData& data, LocalDate date) {
  if (HasDate(data.holidays, date)) return false;
  if (data.kind == CalendarKind::kSchoolDays) {
    const bool in_semester =
        std::ranges::any_of(data.semesters, [&](const Semester& semester) { return semester.dates.Contains(date); });
    return in_semester && !IsWeekend(date) && !InSomeRange(data.breaks, date);
  }
  if (FindWorkedInstead(data.moved_days, date) != nullptr) return true;
  if (std::ranges::find(data.moved_days, date, &MovedDay::day_off) != data.moved_days.end()) return false;
  return !IsWeekend(date);
}

tl::unexpected<core::Error> Wrong(std::string message, std::string reason) {
  return Fail(Errc::kInvalid, std::move(message), std::move(reason));
}

core::Status CheckMovedDays(const CalendarData& data) {
  for (const MovedDay& moved : data.moved_days) {
    if (IsWeekend(moved.day_off) || !IsWeekend(moved.worked) || HasDate(data.holidays, moved.day_off) ||
        HasDate(data.holidays, moved.worked)) {
      return Wrong(absl::StrCat("a moved day must turn a working weekday off and a weekend day on: ",
                                FormatDate(moved.day_off), " / ", FormatDate(moved.worked)),
                   "CALENDAR_MOVED_DAY");
    }
  }
  return {};
}

core::Status CheckSemesters(const CalendarData& data) {
  LocalDate previous_end = data.covers.from - days{1};
  for (const Semester& semester : data.semesters) {
    if (semester.dates.from <= previous_end || semester.dates.to < semester.dates.from ||
        semester.dates.to > data.covers.to || semester.number < 1 || semester.number > 2) {
      return Wrong(absl::StrCat("semesters must be ordered, separate and within the covered years: ",
                                FormatDate(semester.dates.from)),
                   "CALENDAR_SEMESTER");
    }
    previous_end = semester.dates.to;
    for (const auto& [grade, last] : semester.later_ends) {
      if (grade < 1 || grade > 12 || last < semester.dates.to) {
        return Wrong(absl::StrCat("a later end must lie after its semester: grade ", grade), "CALENDAR_LATER_END");
      }
      previous_end = std::max(previous_end, last);
    }
  }
  return {};
}

core::Status CheckData(const CalendarData& data) {
  if (data.id.empty() || data.version.empty() || data.source.empty()) {
    return Wrong("a calendar needs an id, a version and its source", "CALENDAR_IDENTITY");
  }
  if (data.covers.to < data.covers.from) return Wrong("a calendar must cover at least one day", "CALENDAR_COVERS");
  for (const LocalDate holiday : data.holidays) {
    if (!data.covers.Contains(holiday)) {
      return Wrong(absl::StrCat("the holiday lies outside the covered years: ", FormatDate(holiday)),
                   "CALENDAR_HOLIDAY");
    }
  }
  if (std::ranges::adjacent_find(data.holidays) != data.holidays.end()) {
    return Wrong("a holiday is listed twice", "CALENDAR_HOLIDAY");
  }
  const bool school = data.kind == CalendarKind::kSchoolDays;
  if (school == data.semesters.empty() || (school && !data.moved_days.empty()) || (!school && !data.breaks.empty())) {
    return Wrong("school days need semesters and no moved days; working days have neither semesters nor breaks",
                 "CALENDAR_KIND");
  }
  TILTS_CHECK(Validate(data.hours));
  TILTS_CHECK(CheckMovedDays(data));
  return CheckSemesters(data);
}

}  // namespace

struct Calendar::Days {
  CalendarData data;
  std::vector<LocalDate> working;  // sorted: counting days is a binary search
};

core::Result<Calendar> Calendar::Make(CalendarData data) {
  TILTS_CHECK(LoadZone());
  std::ranges::sort(data.holidays);
  TILTS_CHECK(CheckData(data));
  auto made = std::make_shared<Days>();
  for (LocalDate date = data.covers.from; date <= data.covers.to; date += days{1}) {
    if (IsDayOn(data, date)) made->working.push_back(date);
  }
  DutyHours hours = data.hours;
  made->data = std::move(data);
  return Calendar(std::move(made), std::move(hours));
}

Calendar::Calendar(std::shared_ptr<const Days> days, DutyHours hours)
    : days_(std::move(days)), hours_(std::move(hours)) {}

const std::string& Calendar::id() const {
  return days_->data.id;
}
const std::string& Calendar::version() const {
  return days_->data.version;
}
CalendarKind Calendar::kind() const {
  return days_->data.kind;
}
DateRange Calendar::covers() const {
  return days_->data.covers;
}
const DutyHours& Calendar::hours() const {
  return hours_;
}
const std::vector<Semester>& Calendar::semesters() const {
  return days_->data.semesters;
}

core::Result<Calendar> Calendar::WithHours(DutyHours hours) const {
  TILTS_CHECK(Validate(hours));
  return Calendar(days_, std::move(hours));
}

tl::unexpected<core::Error> Calendar::OutOfRange() const {
  return Fail(Errc::kRefused,
              absl::StrCat("calendar ", id(), " version ", version(), " covers ", FormatDate(covers().from), " to ",
                           FormatDate(covers().to), ": load a version that covers the day asked for"),
              "CALENDAR_RANGE");
}

core::Status Calendar::CheckCovered(LocalDate date) const {
  if (!covers().Contains(date)) return OutOfRange();
  return {};
}

core::Result<bool> Calendar::IsWorkingDay(LocalDate date) const {
  TILTS_CHECK(CheckCovered(date));
  return HasDate(days_->working, date);
}

core::Result<LocalDate> Calendar::AddWorkingDays(LocalDate date, int n) const {
  TILTS_CHECK(CheckCovered(date));
  const auto& working = days_->working;
  const auto start = n > 0 ? std::ranges::upper_bound(working, date) : std::ranges::lower_bound(working, date);
  const auto index = (start - working.begin()) + (n > 0 ? n - 1 : n);
  if (index < 0 || index >= std::ssize(working)) return OutOfRange();
  return working[static_cast<std::size_t>(index)];
}

core::Result<int> Calendar::CountWorkingDays(LocalDate after, LocalDate through) const {
  TILTS_CHECK(CheckCovered(after));
  TILTS_CHECK(CheckCovered(through));
  const auto& working = days_->working;
  const auto count = std::ranges::upper_bound(working, through) - std::ranges::upper_bound(working, after);
  return static_cast<int>(std::max<std::ptrdiff_t>(count, 0));
}

core::Result<bool> Calendar::IsSchoolDay(LocalDate date, int grade) const {
  TILTS_ASSIGN(const bool common, IsWorkingDay(date));
  if (common || IsWeekend(date) || HasDate(days_->data.holidays, date)) return common;
  return std::ranges::any_of(semesters(), [&](const Semester& semester) {
    const auto last = semester.later_ends.find(grade);
    return last != semester.later_ends.end() && semester.dates.to < date && date <= last->second;
  });
}

std::optional<Semester> Calendar::SemesterAt(LocalDate date) const {
  const auto found =
      std::ranges::find_if(semesters(), [&](const Semester& semester) { return semester.dates.Contains(date); });
  if (found == semesters().end()) return std::nullopt;
  return *found;
}

core::Result<std::vector<OpenInterval>> Calendar::OfficeHours(LocalDate date) const {
  TILTS_ASSIGN(const bool working, IsWorkingDay(date));
  if (!working) return std::vector<OpenInterval>{};
  const MovedDay* moved = FindWorkedInstead(days_->data.moved_days, date);
  return hours_.week[WeekdayIndex(moved == nullptr ? date : moved->day_off)];
}

}  // namespace tilts::calendar
