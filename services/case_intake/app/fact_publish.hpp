#pragma once

#include <string>

#include "case_intake/domain/pupil_enrolment.hpp"
#include "core/city_time.hpp"
#include "core/result.hpp"
#include "events/record.hpp"

namespace tilts::case_intake {

// Whose fact it is and in which call it came.
struct FactOrigin {
  std::string institution_id;
  std::string municipality;
  std::string cause_id;
  std::string traceparent;
  core::CityTime at{};
};

// The pupil as the log knows it. Stage and grade are those of the enrolment on the day; support facts carry them.
struct KnownPupil {
  std::string person_id;
  std::string statistics_id;
  Stage stage = Stage::kUnspecified;
  std::uint32_t grade = 0;
};

// A fact of any kind but an enrolment, as its event. The same record and revision give the same event id. A support
// fact goes without cause, trace and time of the call: nothing of it can be laid beside another topic.
core::Result<events::Draft> DraftOf(const Fact& fact, const std::string& record_id, const KnownPupil& pupil,
                                    const FactOrigin& origin);
core::Result<events::Draft> DraftOf(const Enrolment& enrolment, const FactOrigin& origin);

}  // namespace tilts::case_intake
