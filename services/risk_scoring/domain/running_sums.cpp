#include "risk_scoring/domain/running_sums.hpp"

#include <algorithm>
#include <iterator>

namespace tilts::risk_scoring {
namespace {

void Count(LessonSum& sum, const AttendanceEntry& entry, int sign) {
  sum.offered += sign * entry.offered;
  sum.unknown += sign * entry.unknown;
  sum.excused += sign * entry.excused;
  sum.unexcused += sign * entry.unexcused;
}

// The first record not before `from`; windows mostly move at their young end, so the last few are looked at first.
std::vector<AttendanceEntry>::const_iterator FirstFrom(const std::vector<AttendanceEntry>& attendance, Day from) {
  constexpr std::ptrdiff_t kNear = 4;
  auto near = attendance.end();
  while (near != attendance.begin() && std::prev(near)->day >= from) {
    if (attendance.end() - near == kNear) {
      return std::lower_bound(attendance.begin(), near, from,
                              [](const AttendanceEntry& record, Day day) { return record.day < day; });
    }
    --near;
  }
  return near;
}

void CountDays(LessonSum& sum, const std::vector<AttendanceEntry>& attendance, Day from, Day to, int sign) {
  if (from >= to) return;
  LessonSum days;  // of its own, so that the loop runs in registers
  for (auto entry = FirstFrom(attendance, from); entry != attendance.end() && entry->day < to; ++entry) {
    Count(days, *entry, 1);
  }
  sum.offered += sign * days.offered;
  sum.unknown += sign * days.unknown;
  sum.excused += sign * days.excused;
  sum.unexcused += sign * days.unexcused;
}

void CountIfCovered(LessonSum& sum, const AttendanceEntry& entry, int sign) {
  if (sum.Covers(entry.day)) Count(sum, entry, sign);
}

}  // namespace

LessonSum SumOf(const std::vector<AttendanceEntry>& attendance, Day from, Day to) {
  LessonSum sum{.from = from, .to = std::max(from, to)};
  CountDays(sum, attendance, sum.from, sum.to, 1);
  return sum;
}

void MoveTo(LessonSum& sum, const std::vector<AttendanceEntry>& attendance, Day from, Day to) {
  to = std::max(from, to);
  if (from > sum.to || to < sum.from) {
    sum = SumOf(attendance, from, to);
    return;
  }
  CountDays(sum, attendance, from, sum.from, 1);
  CountDays(sum, attendance, sum.from, from, -1);
  CountDays(sum, attendance, sum.to, to, 1);
  CountDays(sum, attendance, to, sum.to, -1);
  sum.from = from;
  sum.to = to;
}

void RunningSums::Count(const AttendanceEntry& entry, int sign) {
  for (LessonSum* sum : {&absence, &semester, &due, &previous, &previous_due}) CountIfCovered(*sum, entry, sign);
}

}  // namespace tilts::risk_scoring
