#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/calendar.hpp"
#include "case_intake/domain/fact_kinds.hpp"
#include "case_intake/domain/warnings.hpp"
#include "core/result.hpp"

namespace tilts::case_intake {

// Days a fact may speak of.
struct FactDays {
  Day first = 0;            // of the previous school year
  Day first_enrolment = 0;  // an enrolment may have begun long before
  Day last = 0;             // the sender's clock may be a day ahead
};
FactDays FactDaysOn(calendar::LocalDate today);

// Reads the dates of a fact and says what is wrong with it; nothing: it can be accepted. `path` names it in the request
// ("facts[3]"). A withdrawn fact is looked at in its key fields only.
std::vector<core::Violation> CheckFact(Fact& fact, const std::string& path, const FactDays& days);

// What is doubtful about an accepted one. `schools` may be missing: then days are not judged.
std::vector<Warning> DoubtsOf(const Fact& fact, const std::string& path,
                              const std::optional<calendar::Calendar>& schools);

// The path of a fact's day: "facts[3].attendance.day".
std::string DayPath(const Fact& fact, const std::string& path);

// The institution's own number of a pupil: 1 to 64 of A-Z a-z 0-9 . _ / - and spaces inside.
bool IsPupilNumber(std::string_view text);

// A stage that was not said follows from the grade; unspecified when neither is known.
Stage StageOr(Stage stage, std::uint32_t grade);
bool GradeFits(Stage stage, std::uint32_t grade);

// A day with lessons for at least some grade.
bool IsAnySchoolDay(const calendar::Calendar& schools, Day day);

namespace fact_warning {
inline constexpr char kDayNotASchoolDay[] = "DAY_NOT_A_SCHOOL_DAY";
inline constexpr char kPupilHeld[] = "PUPIL_HELD";
inline constexpr char kSameRecordTwice[] = "SAME_RECORD_TWICE";
inline constexpr char kNotEnrolledHere[] = "NOT_ENROLLED_HERE";
inline constexpr char kRevisionNotGreater[] = "REVISION_NOT_GREATER";
inline constexpr char kEndingsSkipped[] = "ENDINGS_SKIPPED";
inline constexpr char kLaterChangeKept[] = "LATER_CHANGE_KEPT";
}  // namespace fact_warning

}  // namespace tilts::case_intake
