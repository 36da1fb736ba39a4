#include "calendar/open_time.hpp"

#include <algorithm>
#include <vector>

namespace tilts::calendar {
namespace {

using core::CityTime;
using core::Errc;
using core::Result;
using std::chrono::days;
using std::chrono::microseconds;

struct Opening {
  CityTime from;
  CityTime to;
};

Result<std::vector<Opening>> OpeningsOf(LocalDate date, const Calendar& calendar) {
  TILTS_ASSIGN(const auto intervals, calendar.OfficeHours(date));
  std::vector<Opening> openings;
  for (const OpenInterval& interval : intervals) {
    openings.push_back({FromRiga(LocalTime{date} + interval.opens), FromRiga(LocalTime{date} + interval.closes)});
  }
  return openings;
}

core::Status CheckAmount(microseconds amount) {
  if (amount >= microseconds::zero()) return {};
  return core::Fail(Errc::kInvalid, "give an amount of time that is not negative", "AMOUNT");
}

}  // namespace

Result<bool> IsOpen(CityTime time, const Calendar& calendar) {
  if (calendar.hours().round_the_clock) return true;
  TILTS_ASSIGN(const auto openings, OpeningsOf(RigaDate(time), calendar));
  return std::ranges::any_of(openings, [&](const Opening& o) { return o.from <= time && time < o.to; });
}

Result<CityTime> NextOpening(CityTime from, const Calendar& calendar) {
  for (LocalDate date = RigaDate(from);; date += days{1}) {
    TILTS_ASSIGN(const auto openings, OpeningsOf(date, calendar));
    for (const Opening& opening : openings) {
      if (from < opening.to) return std::max(from, opening.from);
    }
  }
}

Result<CityTime> NextClosing(CityTime from, const Calendar& calendar) {
  for (LocalDate date = RigaDate(from);; date += days{1}) {
    TILTS_ASSIGN(const auto openings, OpeningsOf(date, calendar));
    if (!openings.empty() && from < openings.back().to) return openings.back().to;
  }
}

Result<CityTime> OpeningOfWorkingDay(CityTime from, int n, const Calendar& calendar) {
  if (n < 1) return core::Fail(Errc::kInvalid, "count working days from 1", "AMOUNT");
  TILTS_ASSIGN(const LocalDate date, calendar.AddWorkingDays(RigaDate(from), n));
  return NextOpening(StartOfDay(date), calendar);
}

Result<microseconds> OpenTimeBetween(CityTime from, CityTime to, const Calendar& calendar) {
  microseconds total{0};
  if (to <= from) return total;
  for (LocalDate date = RigaDate(from); StartOfDay(date) < to; date += days{1}) {
    TILTS_ASSIGN(const auto openings, OpeningsOf(date, calendar));
    for (const Opening& opening : openings) {
      total += std::max(microseconds{0}, std::min(to, opening.to) - std::max(from, opening.from));
    }
  }
  return total;
}

Result<CityTime> AddOpenTime(CityTime from, microseconds amount, const Calendar& calendar) {
  TILTS_CHECK(CheckAmount(amount));
  for (LocalDate date = RigaDate(from);; date += days{1}) {
    TILTS_ASSIGN(const auto openings, OpeningsOf(date, calendar));
    for (const Opening& opening : openings) {
      const CityTime start = std::max(from, opening.from);
      if (start >= opening.to) continue;
      if (start + amount <= opening.to) return start + amount;
      amount -= opening.to - start;
    }
  }
}

Result<CityTime> SubtractOpenTime(CityTime until, microseconds amount, const Calendar& calendar) {
  TILTS_CHECK(CheckAmount(amount));
  for (LocalDate date = RigaDate(until);; date -= days{1}) {
    TILTS_ASSIGN(auto openings, OpeningsOf(date, calendar));
    std::ranges::reverse(openings);
    for (const Opening& opening : openings) {
      const CityTime end = std::min(until, opening.to);
      if (end <= opening.from) continue;
      if (end - amount >= opening.from) return end - amount;
      amount -= end - opening.from;
    }
  }
}

}  // namespace tilts::calendar
