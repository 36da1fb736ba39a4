#include "city_simulator/law/terms.hpp"

#include <algorithm>

namespace tilts::city_simulator {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;

constexpr minutes kOpens = hours{8} + minutes{30};

minutes Closes(Day day) {
  return std::chrono::weekday{day} == std::chrono::Friday ? hours{16} : hours{17};
}

Instant EndOf(Day day) {
  return FromRiga(day + days{1}, microseconds{0});
}

Day OnWorkingDay(Day day, Follows follows) {
  return IsWorkingDay(follows, day) ? day : NextWorkingDay(follows, day);
}

Day PlusMonths(Day day, std::int64_t months) {
  const std::chrono::year_month_day date{day};
  const auto month = std::chrono::year_month{date.year(), date.month()} + std::chrono::months{months};
  const auto last = std::chrono::year_month_day{month / std::chrono::last}.day();
  return Day{month / std::min(date.day(), last)};
}

}  // namespace

Instant DueAt(const Term& term, Instant received, Follows follows) {
  const Day day = InRiga(received).day;
  switch (term.unit) {
    case Term::Unit::kClock: return received + std::chrono::seconds{term.amount};
    case Term::Unit::kSameDay: return EndOf(day);
    case Term::Unit::kCalendarDays: return EndOf(OnWorkingDay(day + days{term.amount}, follows));
    case Term::Unit::kMonths: return EndOf(OnWorkingDay(PlusMonths(day, term.amount), follows));
    case Term::Unit::kWorkingDays: break;
  }
  if (term.amount == 0) return EndOf(OnWorkingDay(day, follows));
  return EndOf(AddWorkingDays(follows, day, static_cast<int>(term.amount)));
}

Instant DueAt(const Term& term, Instant received, const std::vector<Pause>& pauses, Follows follows) {
  Instant due = DueAt(term, received, follows);
  if (term.unit == Term::Unit::kSameDay) return due;
  std::int64_t given_back = 0;
  for (const Pause& pause : pauses) {
    if (term.unit == Term::Unit::kClock) {
      due += std::max(pause.to - pause.from, microseconds{0});
      continue;
    }
    // The day a pause began on and the day it ended on were not wholly lost.
    const Day first = InRiga(pause.from).day, last = InRiga(pause.to).day - days{1};
    if (last <= first) continue;
    given_back +=
        term.unit == Term::Unit::kWorkingDays ? WorkingDaysBetween(follows, first, last) : (last - first).count();
  }
  if (given_back == 0) return due;
  const Day day = InRiga(due - microseconds{1}).day;
  if (term.unit == Term::Unit::kWorkingDays) return EndOf(AddWorkingDays(follows, day, static_cast<int>(given_back)));
  return EndOf(OnWorkingDay(day + days{given_back}, follows));
}

int WorkingDaysBetween(Follows follows, Day after, Day through) {
  int count = 0;
  for (Day day = after + days{1}; day <= through; day += days{1}) count += IsWorkingDay(follows, day) ? 1 : 0;
  return count;
}

bool IsOffice(Instant at, Follows follows) {
  const RigaMoment moment = InRiga(at);
  return IsWorkingDay(follows, moment.day) && moment.since_midnight >= kOpens &&
         moment.since_midnight < Closes(moment.day);
}

Instant NextOpening(Instant from, Follows follows) {
  if (IsOffice(from, follows)) return from;
  const RigaMoment moment = InRiga(from);
  const bool still_today = IsWorkingDay(follows, moment.day) && moment.since_midnight < kOpens;
  return FromRiga(still_today ? moment.day : NextWorkingDay(follows, moment.day), kOpens);
}

Instant OpeningAfter(Instant from, int working_days, Follows follows) {
  return FromRiga(AddWorkingDays(follows, InRiga(from).day, working_days), kOpens);
}

Instant ShareOfTerm(int percent, const Term& term, Instant received, Follows follows) {
  const Instant due = DueAt(term, received, follows);
  const int length =
      term.by_clock() ? 0 : WorkingDaysBetween(follows, InRiga(received).day, InRiga(due - microseconds{1}).day);
  if (length == 0) return received + (due - received) * percent / 100;
  return OpeningAfter(received, (percent * length + 99) / 100, follows);
}

}  // namespace tilts::city_simulator
