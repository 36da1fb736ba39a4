#pragma once

#include <functional>
#include <string>
#include <vector>

#include "case_intake/domain/pupil_enrolment.hpp"

namespace tilts::case_intake {

// A pupil on the roster of a day. Stage and grade may be unknown: then they change nothing.
struct RosterPupil {
  std::string person_id{};
  Day from = 0;  // 0: the roster's day
  Stage stage = Stage::kUnspecified;
  std::uint32_t grade = 0;
};

struct RosterDifference {
  std::vector<Enrolment> started;
  std::vector<Enrolment> ended;        // not on the roster any more
  std::vector<Enrolment> changed;      // other stage or grade
  std::size_t unchanged = 0;           // pupils on the roster about whom nothing is new
  std::vector<std::string> confirmed;  // records the roster vouches for, the changed ones left out
  std::vector<std::size_t> kept;       // pupils whose enrolment is known from a later day than the roster's
  bool endings_skipped = false;
};

// What the roster of a day changes of the institution's enrolments (`known`, withdrawn ones too). A record is changed
// only if nobody spoke of it on a later day than the roster's (`as_of`): an old roster undoes nothing. `complete`:
// every entry could be read; otherwise nobody is ended, since the unread entry could be anybody. `record_of` names the
// record of a pupil (index) that begins on a day.
RosterDifference DifferenceOf(const std::vector<Enrolment>& known, const std::vector<RosterPupil>& pupils, Day day,
                              bool complete, const std::function<std::string(std::size_t, Day)>& record_of);

}  // namespace tilts::case_intake
