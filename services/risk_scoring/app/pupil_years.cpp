#include "risk_scoring/app/pupil_years.hpp"

#include <tilts/risk/v1/events.pb.h>

#include "core/concat.hpp"
#include "risk_scoring/app/contract.hpp"
#include "risk_scoring/domain/measures.hpp"

namespace tilts::risk_scoring {
namespace {

// A pupil's proposal and limits of the same cause come first in the sequence.
constexpr std::uint32_t kIndex = 15;

}  // namespace

std::optional<ClosedDay> YearEndedBy(const ClosedDays& closed, const ClosedDay& next) {
  const ClosedDay* latest = closed.Latest();
  if (latest == nullptr || latest->school_year >= next.school_year) return std::nullopt;
  return *latest;
}

core::Result<events::Draft> PupilYearDraft(const Cause& cause, const std::string& pupil_id, const PupilState& state,
                                           const ClosedDay& last, const Municipalities& municipalities) {
  const std::string school_year = SchoolYearText(last.school_year);
  risk::v1::PupilYearClosed event;
  event.set_pupil_id(pupil_id);
  event.set_school_year(school_year);
  event.set_as_of_day(last.day);
  event.set_tier(state.proposal.tier);
  for (const SemesterCrossings& each : state.crossings) {
    if (each.school_year != last.school_year) continue;
    auto& line = *event.add_lines();
    line.set_semester(each.semester);
    line.set_crossings(each.crossings);
    line.set_stands(each.stands);
  }
  event.set_state(Encode(state));
  event.set_next_offset(cause.offset);
  std::string municipality;
  if (const EnrolmentEntry* enrolment = CurrentEnrolment(state, last.day)) {
    event.set_institution_id(state.institutions[enrolment->institution]);
    const auto found = municipalities.find(event.institution_id());
    if (found != municipalities.end()) municipality = found->second;
  }
  const std::string rule = core::Concat("pupil-year/", pupil_id, "/", school_year);
  return DraftOf(cause, pupil_id, events::DerivedId(cause.envelope.id(), rule, 0), kIndex, school_year,
                 std::move(municipality), event);
}

}  // namespace tilts::risk_scoring
