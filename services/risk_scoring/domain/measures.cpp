#include "risk_scoring/domain/measures.hpp"

#include <algorithm>

namespace tilts::risk_scoring {
namespace {

constexpr Day kResultsLookBack = 365;

bool LiesIn(Day day, Day last, Day window) {
  return last - window < day && day <= last;
}

LessonSum SumWithin(const LessonSum& running, const PupilState& state, Day from, Day to) {
  to = std::max(from, to);
  return running.from == from && running.to == to ? running : SumOf(state.attendance, from, to);
}

std::int32_t AbsenceShare(const PupilState& state, const AsOf& as_of) {
  const LessonSum sum = SumWithin(state.sums.absence, state, as_of.absence_from, as_of.day.day + 1);
  return sum.offered == 0 ? 0 : 1000 * sum.absent() / sum.offered;
}

std::int32_t SilentSchoolDays(const PupilState& state, const AsOf& as_of, const EnrolmentEntry* enrolment) {
  if (enrolment == nullptr) return 0;
  const Day day = as_of.day.day;
  const Day start = CountingFrom(*enrolment, as_of);
  const AttendanceEntry* latest = LatestRecord(state, start, day);
  return static_cast<std::int32_t>(as_of.closed->Count(latest == nullptr ? start : latest->day + 1, day));
}

std::int32_t Repetitions(const PupilState& state, Day day) {
  return static_cast<std::int32_t>(
      std::count_if(state.repetitions.begin(), state.repetitions.end(),
                    [&](const RepetitionEntry& entry) { return !entry.withdrawn() && entry.day <= day; }));
}

std::int32_t BehaviourRecords(const PupilState& state, BehaviourKind kind, Day day, unsigned window) {
  return static_cast<std::int32_t>(
      std::count_if(state.behaviour.begin(), state.behaviour.end(),
                    [&](const BehaviourEntry& entry) { return IsInWindow(entry, kind, day, window); }));
}

std::int32_t SchoolChanges(const PupilState& state, Day day, unsigned window) {
  if (state.enrolments.size() < 2) return 0;
  return static_cast<std::int32_t>(
      std::count_if(state.enrolments.begin(), state.enrolments.end(),
                    [&](const EnrolmentEntry& entry) { return IsSchoolChange(state, entry, day, window); }));
}

}  // namespace

const EnrolmentEntry* CurrentEnrolment(const PupilState& state, Day day) {
  const EnrolmentEntry* current = nullptr;
  for (const EnrolmentEntry& entry : state.enrolments) {
    if (entry.withdrawn || entry.from_day > day || (entry.to_day != 0 && entry.to_day < day)) continue;
    if (current == nullptr || entry.from_day > current->from_day) current = &entry;
  }
  return current;
}

const AttendanceEntry* LatestRecord(const PupilState& state, Day from, Day to) {
  const AttendanceEntry* latest = nullptr;
  for (auto entry = state.attendance.rbegin(); entry != state.attendance.rend() && entry->day >= from; ++entry) {
    if (latest != nullptr && entry->day < latest->day) break;
    if (entry->day <= to && !entry->withdrawn()) latest = &*entry;
  }
  return latest;
}

bool IsRecent(const ResultEntry& entry, Day day) {
  return !entry.withdrawn() && LiesIn(entry.day, day, kResultsLookBack);
}

LatestPeriods PeriodsUpTo(const PupilState& state, Day day, unsigned pass_mark) {
  LatestPeriods periods;
  for (auto entry = state.results.rbegin(); entry != state.results.rend(); ++entry) {
    if (!IsRecent(*entry, day)) continue;
    const bool first = periods.latest.results == 0 || periods.latest.Holds(*entry);
    Period& period = first ? periods.latest : periods.previous;
    if (period.results == 0) period = {.school_year = entry->school_year, .number = entry->period};
    if (!period.Holds(*entry)) break;
    ++period.results;
    period.marks += entry->mark;
    period.failing += entry->mark < pass_mark ? 1 : 0;
  }
  return periods;
}

bool IsInWindow(const BehaviourEntry& entry, BehaviourKind kind, Day day, unsigned window) {
  return entry.kind == kind && LiesIn(entry.day, day, static_cast<Day>(window));
}

bool IsSchoolChange(const PupilState& state, const EnrolmentEntry& entry, Day day, unsigned window) {
  if (entry.withdrawn || !LiesIn(entry.from_day, day, static_cast<Day>(window))) return false;
  return std::any_of(state.enrolments.begin(), state.enrolments.end(), [&](const EnrolmentEntry& other) {
    return !other.withdrawn && other.institution != entry.institution && other.from_day < entry.from_day;
  });
}

std::int32_t UnexcusedLessons(const PupilState& state, Day from, Day to, Day unknown_before) {
  const RunningSums& sums = state.sums;
  const bool previous = sums.previous.from == from && sums.previous.to == to + 1;
  const LessonSum all = SumWithin(previous ? sums.previous : sums.semester, state, from, to + 1);
  const Day due_to = std::min(unknown_before, to + 1);
  const LessonSum due = SumWithin(previous ? sums.previous_due : sums.due, state, from, due_to);
  return all.unexcused + due.unknown;
}

Day CountingFrom(const EnrolmentEntry& enrolment, const AsOf& as_of) {
  return std::max<Day>(enrolment.from_day, as_of.day.school_year_from_day);
}

Values Measured(const PupilState& state, const AsOf& as_of, const EnrolmentEntry* enrolment) {
  const Day day = as_of.day.day;
  const CheckedCard& card = *as_of.card;
  Values values{};
  const auto set = [&values](Measure measure, std::int32_t value) {
    values[static_cast<std::size_t>(measure)] = value;
  };
  set(Measure::kAbsenceShare, AbsenceShare(state, as_of));
  set(Measure::kUnexcusedLessons, UnexcusedLessons(state, as_of.day.semester_from_day, day, as_of.unknown_before));
  set(Measure::kSilentSchoolDays, SilentSchoolDays(state, as_of, enrolment));
  const LatestPeriods periods = PeriodsUpTo(state, day, card.card().pass_mark);
  set(Measure::kFailingSubjects, periods.latest.failing);
  if (periods.previous.results > 0) {
    set(Measure::kMarkFall, std::max(0, periods.previous.average100() - periods.latest.average100()));
  }
  set(Measure::kRepetitions, Repetitions(state, day));
  set(Measure::kIncidents, BehaviourRecords(state, BehaviourKind::kIncident, day, card.WindowOf(Measure::kIncidents)));
  set(Measure::kSuspensions,
      BehaviourRecords(state, BehaviourKind::kSuspension, day, card.WindowOf(Measure::kSuspensions)));
  set(Measure::kSchoolChanges, SchoolChanges(state, day, card.WindowOf(Measure::kSchoolChanges)));
  return values;
}

void MoveSums(PupilState& state, const AsOf& as_of) {
  RunningSums& sums = state.sums;
  const std::vector<AttendanceEntry>& attendance = state.attendance;
  const auto move = [&](LessonSum& all, LessonSum& due, Day from, Day to) {
    MoveTo(all, attendance, from, to + 1);
    MoveTo(due, attendance, from, std::min(as_of.unknown_before, to + 1));
  };
  MoveTo(sums.absence, attendance, as_of.absence_from, as_of.day.day + 1);
  move(sums.semester, sums.due, as_of.day.semester_from_day, as_of.day.day);
  if (as_of.previous) {
    move(sums.previous, sums.previous_due, as_of.previous->from_day, as_of.previous->last_closed_day);
  }
}

}  // namespace tilts::risk_scoring
