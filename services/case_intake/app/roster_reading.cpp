#include "case_intake/app/roster_reading.hpp"

#include <set>

#include "case_intake/app/fact_reading.hpp"
#include "case_intake/app/read_report.hpp"
#include "crypto/blind_index.hpp"
#include "wire/codes.hpp"

namespace tilts::case_intake {
namespace {

tl::unexpected<core::Error> DayFault(const char* code, const char* advice) {
  core::Error error{
      core::Errc::kInvalid, "The roster cannot be read; correct the field named", "REQUEST_INVALID", {}, 0};
  error.violations.push_back({"day", code, advice});
  return core::Fail(std::move(error));
}

core::Result<Day> ReadDay(const std::string& text, const FactDays& days) {
  const core::Result<calendar::LocalDate> date = calendar::ParseDate(text);
  if (!date) return DayFault("DAY_INVALID", "Write a day that exists as YYYY-MM-DD");
  const Day day = DayOf(*date);
  if (day > days.last) return DayFault("DAY_IN_FUTURE", "Send the roster of a day that has begun");
  if (day < days.first)
    return DayFault("DAY_TOO_OLD", "Rosters are taken back to the start of the previous school year");
  return day;
}

// An entry is checked like the enrolment it would become.
std::vector<core::Violation> CheckEntry(const intake::v1::RosterEntry& entry, const std::string& path, Day day,
                                        RosterPupil& pupil) {
  std::vector<core::Violation> violations = CheckPerson(entry.person(), path + ".person");
  const auto require = [&](bool holds, const char* field, const char* code, const char* advice) {
    if (!holds) violations.push_back({path + "." + field, code, advice});
  };
  require(IsPupilNumber(entry.pupil_number()), "pupil_number",
          entry.pupil_number().empty() ? "REQUIRED" : "NUMBER_FORMAT",
          "Send the institution's own number of the pupil: 1 to 64 of A-Z a-z 0-9 . _ / - and spaces inside");
  pupil.stage = StageOr(wire::Code<Stage>(entry.stage()), entry.grade());
  pupil.grade = entry.grade();
  require(codes::v1::EducationStage_IsValid(entry.stage()), "stage", "CODE_UNKNOWN", "Send a listed stage, or none");
  require(GradeFits(pupil.stage, entry.grade()), "grade", "GRADE_RANGE",
          "Send a grade of 1 to 12 that belongs to the stage, or none");
  if (entry.from().empty()) return violations;
  const core::Result<calendar::LocalDate> from = calendar::ParseDate(entry.from());
  require(from.has_value(), "from", "DAY_INVALID", "Write a day that exists as YYYY-MM-DD");
  if (!from) return violations;
  pupil.from = DayOf(*from);
  require(pupil.from <= day, "from", "DAY_IN_FUTURE", "Whoever begins later is not on the roster of this day");
  return violations;
}

}  // namespace

core::Result<ReadRoster> Read(const intake::v1::PushRosterRequest& request, const FactDays& days) {
  TILTS_CHECK(CheckRequestId(request.request_id()));
  // An empty roster would end everybody's enrolment: it is a fault of the sender.
  TILTS_CHECK(CheckBatch("pupils", request.pupils_size(), kMostRosterPupils));
  ReadRoster roster;
  TILTS_ASSIGN(roster.day, ReadDay(request.day(), days));
  std::set<std::string> numbers;
  for (int i = 0; i < request.pupils_size(); ++i) {
    const intake::v1::RosterEntry& entry = request.pupils(i);
    const std::string path = "pupils[" + std::to_string(i) + "]";
    RosterPupil pupil;
    std::vector<core::Violation> violations = CheckEntry(entry, path, roster.day, pupil);
    if (violations.empty() && !numbers.insert(crypto::NormaliseIdentifier(entry.pupil_number())).second) {
      violations.push_back({path + ".pupil_number", "PUPIL_TWICE", "Send each pupil once"});
      roster.violations.insert(roster.violations.end(), violations.begin(), violations.end());
      continue;  // the first entry stands for both: nobody is missing because of it
    }
    if (violations.empty()) {
      roster.pupils.push_back(pupil);
      roster.places.push_back(static_cast<std::size_t>(i));
      continue;
    }
    roster.complete = false;
    roster.violations.insert(roster.violations.end(), violations.begin(), violations.end());
  }
  return roster;
}

}  // namespace tilts::case_intake
