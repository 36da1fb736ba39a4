#include "calendar/deadline.hpp"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <array>
#include <utility>

#include "calendar/open_time.hpp"

namespace tilts::calendar {
namespace {

using core::CityTime;
using core::Errc;
using core::Fail;
using core::Result;
using std::chrono::days;
using std::chrono::microseconds;

constexpr std::array<std::pair<DeadlineKind, std::string_view>, 7> kNames{{
    {DeadlineKind::kClock, "CLOCK"},
    {DeadlineKind::kSameDay, "SAME_DAY"},
    {DeadlineKind::kCalendarDays, "CALENDAR_DAYS"},
    {DeadlineKind::kWorkingDays, "WORKING_DAYS"},
    {DeadlineKind::kSchoolDays, "SCHOOL_DAYS"},
    {DeadlineKind::kEndOfSchoolDay, "END_OF_SCHOOL_DAY"},
    {DeadlineKind::kMonths, "MONTHS"},
}};

// Far beyond any duty; keeps the arithmetic away from overflow.
constexpr std::int64_t kMostSeconds = 366LL * 86'400 * 10;
constexpr std::int64_t kMostDays = 3'660;

bool TakesAmount(DeadlineKind kind) {
  return kind != DeadlineKind::kSameDay && kind != DeadlineKind::kEndOfSchoolDay;
}

bool NeedsSchoolDays(DeadlineKind kind) {
  return kind == DeadlineKind::kSchoolDays || kind == DeadlineKind::kEndOfSchoolDay;
}

core::Status CheckCalendar(const Deadline& deadline, const Calendar& calendar) {
  if (!deadline.calendar.empty() && deadline.calendar != calendar.id()) {
    return Fail(Errc::kInvalid, absl::StrCat("count this deadline with calendar ", deadline.calendar),
                "DEADLINE_CALENDAR");
  }
  const bool school = calendar.kind() == CalendarKind::kSchoolDays;
  const bool either = deadline.kind == DeadlineKind::kClock || deadline.kind == DeadlineKind::kSameDay;
  if (!either && school != NeedsSchoolDays(deadline.kind)) {
    return Fail(Errc::kInvalid, "school days are counted with a school calendar, all other days with working days",
                "DEADLINE_CALENDAR");
  }
  return {};
}

LocalDate AddMonths(LocalDate date, std::int64_t months) {
  const std::chrono::year_month_day parts{date};
  const std::chrono::year_month target = parts.year() / parts.month() + std::chrono::months{months};
  const std::chrono::year_month_day last{target / std::chrono::last};
  return LocalDate{target / std::min(parts.day(), last.day())};
}

// The last day of the term, before it moves off a day off.
Result<LocalDate> LastDay(const Deadline& deadline, LocalDate received, const Calendar& calendar) {
  switch (deadline.kind) {
    case DeadlineKind::kCalendarDays: return received + days{deadline.amount};
    case DeadlineKind::kMonths: return AddMonths(received, deadline.amount);
    case DeadlineKind::kWorkingDays:
    case DeadlineKind::kSchoolDays: return calendar.AddWorkingDays(received, static_cast<int>(deadline.amount));
    case DeadlineKind::kClock:
    case DeadlineKind::kSameDay:
    case DeadlineKind::kEndOfSchoolDay: break;
  }
  return received;
}

Result<CityTime> EndOfWorkingDay(LocalDate date, const Calendar& calendar) {
  TILTS_ASSIGN(const LocalDate moved, calendar.AddWorkingDays(date, 0));
  return EndOfDay(moved);
}

// Days that lie wholly inside the hold: not the one it began on nor the one it ended on.
Result<std::int64_t> WholeDays(const Deadline& deadline, const Hold& hold, const Calendar& calendar) {
  const LocalDate first = RigaDate(hold.from);
  const LocalDate last = RigaDate(hold.to) - days{1};
  if (last <= first) return 0;
  if (deadline.kind == DeadlineKind::kWorkingDays || deadline.kind == DeadlineKind::kSchoolDays) {
    return calendar.CountWorkingDays(first, last);
  }
  return (last - first).count();
}

Result<CityTime> DelayByDays(const Deadline& deadline, CityTime due, std::span<const Hold> holds,
                             const Calendar& calendar) {
  std::int64_t paused = 0;
  for (const Hold& hold : holds) {
    TILTS_ASSIGN(const std::int64_t whole, WholeDays(deadline, hold, calendar));
    paused += whole;
  }
  if (paused == 0) return due;
  const LocalDate day = RigaDate(due - microseconds{1});
  if (deadline.kind == DeadlineKind::kWorkingDays || deadline.kind == DeadlineKind::kSchoolDays) {
    TILTS_ASSIGN(const LocalDate later, calendar.AddWorkingDays(day, static_cast<int>(paused)));
    return EndOfDay(later);
  }
  return EndOfWorkingDay(day + days{paused}, calendar);
}

}  // namespace

std::string_view ToString(DeadlineKind kind) {
  return std::ranges::find(kNames, kind, &decltype(kNames)::value_type::first)->second;
}

std::optional<DeadlineKind> ParseDeadlineKind(std::string_view text) {
  const auto found = std::ranges::find(kNames, text, &decltype(kNames)::value_type::second);
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

core::Status Validate(const Deadline& deadline) {
  const std::int64_t most = deadline.kind == DeadlineKind::kClock ? kMostSeconds : kMostDays;
  const bool right =
      TakesAmount(deadline.kind) ? deadline.amount >= 0 && deadline.amount <= most : deadline.amount == 0;
  if (right) return {};
  return Fail(Errc::kInvalid,
              absl::StrCat("the amount does not suit a deadline of kind ", std::string(ToString(deadline.kind))),
              "DEADLINE_AMOUNT");
}

Result<CityTime> Due(const Deadline& deadline, CityTime from, const Calendar& calendar) {
  TILTS_CHECK(Validate(deadline));
  TILTS_CHECK(CheckCalendar(deadline, calendar));
  const LocalDate received = RigaDate(from);
  switch (deadline.kind) {
    case DeadlineKind::kClock: return from + std::chrono::seconds{deadline.amount};
    case DeadlineKind::kSameDay: return EndOfDay(received);
    case DeadlineKind::kEndOfSchoolDay: return NextClosing(from, calendar);
    case DeadlineKind::kCalendarDays:
    case DeadlineKind::kWorkingDays:
    case DeadlineKind::kSchoolDays:
    case DeadlineKind::kMonths: break;
  }
  TILTS_ASSIGN(const LocalDate last, LastDay(deadline, received, calendar));
  return EndOfWorkingDay(last, calendar);
}

Result<CityTime> Due(const Deadline& deadline, CityTime from, const Calendar& calendar, std::span<const Hold> holds) {
  TILTS_ASSIGN(const CityTime due, Due(deadline, from, calendar));
  if (deadline.kind == DeadlineKind::kClock) {
    CityTime later = due;
    for (const Hold& hold : holds) later += std::max(hold.to - hold.from, microseconds{0});
    return later;
  }
  if (!TakesAmount(deadline.kind)) return due;
  return DelayByDays(deadline, due, holds, calendar);
}

Result<CityTime> RungTime(int percent, const Deadline& deadline, CityTime from, const Calendar& calendar) {
  if (percent < 1 || percent > 100) return Fail(Errc::kInvalid, "a rung lies at 1 to 100 percent of its term", "RUNG");
  TILTS_ASSIGN(const CityTime due, Due(deadline, from, calendar));
  int term = 0;
  if (deadline.kind != DeadlineKind::kClock && TakesAmount(deadline.kind)) {
    TILTS_ASSIGN(term, calendar.CountWorkingDays(RigaDate(from), RigaDate(due - microseconds{1})));
  }
  if (term == 0) return from + (due - from) * percent / 100;
  return OpeningOfWorkingDay(from, (percent * term + 99) / 100, calendar);
}

}  // namespace tilts::calendar
