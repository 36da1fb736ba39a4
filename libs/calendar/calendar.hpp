#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/duty_hours.hpp"
#include "calendar/riga_time.hpp"
#include "core/result.hpp"

namespace tilts::calendar {

enum class CalendarKind { kWorkingDays, kSchoolDays };

struct MovedDay {
  LocalDate day_off;
  LocalDate worked;

  bool operator==(const MovedDay&) const = default;
};

struct DateRange {
  LocalDate from;
  LocalDate to;  // inclusive

  bool Contains(LocalDate date) const { return from <= date && date <= to; }
  bool operator==(const DateRange&) const = default;
};

struct Semester {
  std::string school_year;  // "2024/25"
  int number = 0;           // 1 or 2
  DateRange dates;
  std::map<int, LocalDate> later_ends;  // grade -> last day, for grades that learn longer
  bool assumed = false;                 // not yet from an official source

  bool operator==(const Semester&) const = default;
};

// What a calendar file says, read but not yet usable.
struct CalendarData {
  std::string id;
  std::string version;
  std::string source;
  CalendarKind kind = CalendarKind::kWorkingDays;
  DateRange covers;
  std::vector<LocalDate> holidays;
  std::vector<MovedDay> moved_days;
  std::vector<Semester> semesters;
  std::vector<DateRange> breaks;
  DutyHours hours;
};

// One versioned calendar of an institution kind. Immutable and cheap to copy. Questions about days
// outside its years are refused with reason CALENDAR_RANGE: a guessed day would be a wrong deadline.
class Calendar {
 public:
  static core::Result<Calendar> Make(CalendarData data);

  const std::string& id() const;
  const std::string& version() const;
  CalendarKind kind() const;
  DateRange covers() const;
  const DutyHours& hours() const;
  const std::vector<Semester>& semesters() const;

  // The same days with an institution's own hours.
  core::Result<Calendar> WithHours(DutyHours hours) const;

  core::Result<bool> IsWorkingDay(LocalDate date) const;

  // n > 0: the n-th working day after `date`; 0: `date` or the next working day; n < 0: backwards.
  core::Result<LocalDate> AddWorkingDays(LocalDate date, int n) const;

  // Working days d with after < d <= through; 0 when there are none.
  core::Result<int> CountWorkingDays(LocalDate after, LocalDate through) const;

  // School days only: grades 9 and 12 learn on when the others have finished.
  core::Result<bool> IsSchoolDay(LocalDate date, int grade) const;
  std::optional<Semester> SemesterAt(LocalDate date) const;

  // Office hours of a day, empty on a day off. A Saturday worked instead of a Friday has Friday's hours.
  core::Result<std::vector<OpenInterval>> OfficeHours(LocalDate date) const;

 private:
  struct Days;
  explicit Calendar(std::shared_ptr<const Days> days, DutyHours hours);
  core::Status CheckCovered(LocalDate date) const;
  tl::unexpected<core::Error> OutOfRange() const;

  std::shared_ptr<const Days> days_;
  DutyHours hours_;
};

}  // namespace tilts::calendar
