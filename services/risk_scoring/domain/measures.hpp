#pragma once

#include <array>
#include <cstdint>

#include "risk_scoring/domain/card.hpp"
#include "risk_scoring/domain/pupil_state.hpp"
#include "risk_scoring/domain/score.hpp"

namespace tilts::risk_scoring {

// Where the pupil is enrolled on the day: of several the one that began last, then the smallest institution id.
const EnrolmentEntry* CurrentEnrolment(const PupilState& state, Day day);

// The latest attendance record of [from, to] that counts; of several the smallest institution id's. Null: none.
const AttendanceEntry* LatestRecord(const PupilState& state, Day from, Day to);

// A mark period of one school year.
struct Period {
  std::uint16_t school_year = 0;
  std::uint8_t number = 0;
  int results = 0;
  int marks = 0;  // their sum
  int failing = 0;

  bool Holds(const ResultEntry& entry) const { return entry.school_year == school_year && entry.period == number; }
  int average100() const { return results == 0 ? 0 : 100 * marks / results; }
};
struct LatestPeriods {
  Period latest;
  Period previous;
};
// Whether a result is among those looked at: it counts and was given within the 365 days up to `day`.
bool IsRecent(const ResultEntry& entry, Day day);
LatestPeriods PeriodsUpTo(const PupilState& state, Day day, unsigned pass_mark);

// Whether a behaviour record of the kind lies in the `window` calendar days up to `day`.
bool IsInWindow(const BehaviourEntry& entry, BehaviourKind kind, Day day, unsigned window);
// Whether an enrolment that began in the window came after one at another institution.
bool IsSchoolChange(const PupilState& state, const EnrolmentEntry& entry, Day day, unsigned window);

// Lessons that count towards the statutory limit, of records in [from, to]: unexcused ones, and those of unknown reason
// of days before `unknown_before`.
std::int32_t UnexcusedLessons(const PupilState& state, Day from, Day to, Day unknown_before);

// First day that counts for silence and expected records: of the enrolment, or of the school year if that is later.
Day CountingFrom(const EnrolmentEntry& enrolment, const AsOf& as_of);

using Values = std::array<std::int32_t, kMeasures>;  // indexed by Measure
Values Measured(const PupilState& state, const AsOf& as_of, const EnrolmentEntry* enrolment);

// Moves the running sums to where `as_of` looks from.
void MoveSums(PupilState& state, const AsOf& as_of);

}  // namespace tilts::risk_scoring
