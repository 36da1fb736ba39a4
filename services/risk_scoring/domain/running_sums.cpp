#include "risk_scoring/domain/running_sums.hpp"

#include <algorithm>

namespace tilts::risk_scoring {
namespace {

void Count(LessonSum& sum, const AttendanceEntry& entry, int sign) {
  sum.offered += sign * entry.offered;
  sum.unknown += sign * entry.unknown;
  sum.excused += sign * entry.excused;
  sum.unexcused += sign * entry.unexcused;
}

void CountDays(LessonSum& sum, const std::vector<AttendanceEntry>& attendance, Day from, Day to, int sign) {
  if (from >= to) return;
  auto entry = std::lower_bound(attendance.begin(), attendance.end(), from,
                                [](const AttendanceEntry& record, Day day) { return record.day < day; });
  for (; entry != attendance.end() && entry->day < to; ++entry) Count(sum, *entry, sign);
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
