#pragma once

#include <string>
#include <vector>

#include "case_intake/domain/fact_kinds.hpp"

namespace tilts::case_intake {

// One pupil's time at one institution, as last heard of.
struct Enrolment {
  std::string record_id{};
  std::string person_id{};
  Day from = 0;
  Day to = 0;  // last day; 0: still enrolled
  EndReason end_reason = EndReason::kUnspecified;
  Stage stage = Stage::kUnspecified;
  std::uint32_t grade = 0;
  std::uint32_t revision = 0;
  bool withdrawn = false;
  Day as_of = 0;  // the latest day on which somebody said so

  bool Covers(Day day) const { return !withdrawn && from <= day && (to == 0 || day <= to); }
  bool operator==(const Enrolment&) const = default;
};

// The one that counts on a day: the latest begun. Null when there is none.
inline const Enrolment* EnrolledOn(const std::vector<Enrolment>& enrolments, Day day) {
  const Enrolment* found = nullptr;
  for (const Enrolment& one : enrolments) {
    if (one.Covers(day) && (found == nullptr || one.from > found->from)) found = &one;
  }
  return found;
}

}  // namespace tilts::case_intake
