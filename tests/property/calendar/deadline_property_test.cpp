#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "../../unit/calendar/calendar_files.hpp"
#include "calendar/deadline.hpp"
#include "calendar/open_time.hpp"

namespace tilts::calendar {
namespace {

using core::CityTime;
using std::chrono::microseconds;
using testing::Load;
using testing::Riga;

// Any minute of 2024 to 2027: far enough from the ends of the calendars.
CityTime AnyTime() {
  static const CityTime first = Riga("2024-01-01 00:00");
  return first + std::chrono::minutes{*rc::gen::inRange(0, 3 * 366 * 24 * 60)};
}

const Calendar& AnyWorkingCalendar() {
  return Load(*rc::gen::element<std::string>("state", "municipal"));
}

Deadline AnyTerm(int most) {
  const auto kind = *rc::gen::element(DeadlineKind::kWorkingDays, DeadlineKind::kCalendarDays, DeadlineKind::kMonths);
  return {kind, *rc::gen::inRange(0, kind == DeadlineKind::kMonths ? 6 : most), ""};
}

LocalDate LastDayOf(CityTime due) {
  return RigaDate(due - microseconds{1});
}

RC_GTEST_PROP(DeadlineProperty, TermEndsAtTheEndOfAWorkingDay, ()) {
  const Calendar& calendar = AnyWorkingCalendar();
  const CityTime due = Due(AnyTerm(60), AnyTime(), calendar).value();
  RC_ASSERT(due == EndOfDay(LastDayOf(due)));
  RC_ASSERT(calendar.IsWorkingDay(LastDayOf(due)).value());
}

RC_GTEST_PROP(DeadlineProperty, TermIsNeverEarly, ()) {
  const Calendar& calendar = AnyWorkingCalendar();
  const CityTime from = AnyTime();
  const int n = *rc::gen::inRange(1, 60);
  const CityTime working = Due({DeadlineKind::kWorkingDays, n, ""}, from, calendar).value();
  RC_ASSERT(calendar.CountWorkingDays(RigaDate(from), LastDayOf(working)).value() == n);
  const CityTime days = Due({DeadlineKind::kCalendarDays, n, ""}, from, calendar).value();
  RC_ASSERT(LastDayOf(days) >= RigaDate(from) + std::chrono::days{n});
  RC_ASSERT(days <= working);
}

RC_GTEST_PROP(DeadlineProperty, LaterReceiptAndLongerTermAreNeverDueSooner, ()) {
  const Calendar& calendar = AnyWorkingCalendar();
  const CityTime from = AnyTime();
  Deadline term = AnyTerm(60);
  const CityTime due = Due(term, from, calendar).value();
  RC_ASSERT(due <= Due(term, from + std::chrono::minutes{*rc::gen::inRange(0, 30'000)}, calendar).value());
  term.amount += *rc::gen::inRange(0, 5);
  RC_ASSERT(due <= Due(term, from, calendar).value());
}

RC_GTEST_PROP(DeadlineProperty, RungsRiseLieWithinTheTermAndOpenADay, ()) {
  const Calendar& calendar = AnyWorkingCalendar();
  const CityTime from = AnyTime();
  const Deadline term{DeadlineKind::kWorkingDays, *rc::gen::inRange(1, 40), ""};
  const int low = *rc::gen::inRange(1, 101);
  const int high = *rc::gen::inRange(low, 101);
  const CityTime early = RungTime(low, term, from, calendar).value();
  const CityTime late = RungTime(high, term, from, calendar).value();
  RC_ASSERT(from < early && early <= late && late < Due(term, from, calendar).value());
  RC_ASSERT(IsOpen(early, calendar).value());
  RC_ASSERT(calendar.CountWorkingDays(RigaDate(from), RigaDate(early)).value() * 100 >= low * term.amount);
}

RC_GTEST_PROP(DeadlineProperty, HoldNeverShortensNorGrantsMoreThanItsLength, ()) {
  const Calendar& calendar = AnyWorkingCalendar();
  const CityTime from = AnyTime();
  const Deadline term = AnyTerm(40);
  const CityTime held = from + std::chrono::minutes{*rc::gen::inRange(0, 20'000)};
  const Hold hold{held, held + std::chrono::minutes{*rc::gen::inRange(0, 20'000)}};
  const CityTime due = Due(term, from, calendar).value();
  const CityTime later = Due(term, from, calendar, std::span(&hold, 1)).value();
  RC_ASSERT(due <= later);
  RC_ASSERT(calendar.CountWorkingDays(LastDayOf(due), LastDayOf(later)).value() <=
            (hold.to - hold.from) / std::chrono::days{1} + 1);
}

RC_GTEST_PROP(OpenTimeProperty, AddedOfficeTimeIsTheOfficeTimeBetween, ()) {
  const Calendar& calendar = AnyWorkingCalendar();
  const CityTime from = AnyTime();
  const auto amount = std::chrono::minutes{*rc::gen::inRange(1, 5'000)};
  const CityTime until = AddOpenTime(from, amount, calendar).value();
  RC_ASSERT(OpenTimeBetween(from, until, calendar).value() == amount);
  RC_ASSERT(SubtractOpenTime(until, amount, calendar).value() >= from);
}

RC_GTEST_PROP(OpenTimeProperty, NextOpeningIsOpenAndNothingWasOpenBefore, ()) {
  const Calendar& calendar = AnyWorkingCalendar();
  const CityTime from = AnyTime();
  const CityTime opening = NextOpening(from, calendar).value();
  RC_ASSERT(IsOpen(opening, calendar).value());
  RC_ASSERT(OpenTimeBetween(from, opening, calendar).value() == microseconds{0});
}

RC_GTEST_PROP(RigaTimeProperty, LocalDateContainsItsInstant, ()) {
  const CityTime time = AnyTime();
  const LocalDate date = RigaDate(time);
  RC_ASSERT(StartOfDay(date) <= time && time < EndOfDay(date));
}

}  // namespace
}  // namespace tilts::calendar
