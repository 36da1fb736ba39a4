#pragma once

#include <tilts/intake/v1/fact_service.pb.h>

#include <string>
#include <vector>

namespace tilts::city_simulator {

enum class FactKind { kEnrolment, kAttendance, kResult, kRepetition, kBehaviour, kConsultation, kSupportMeasure };
// As reconciliation names it: "attendance".
const char* NameOf(FactKind kind);

// One fact as the school wrote it down, without anything that Tilts makes of it. `day` counts from 1970-01-01 and is
// the first day of an enrolment.
struct PlainFact {
  FactKind kind = FactKind::kAttendance;
  std::string school;
  std::string key;  // what tells records of one pupil, school and kind apart
  unsigned revision = 1;
  bool withdrawn = false;
  int day = 0;

  int to_day = 0;  // of an enrolment; 0: still enrolled
  codes::v1::EnrolmentEndReason end_reason = codes::v1::ENROLMENT_END_REASON_UNSPECIFIED;
  codes::v1::EducationStage stage = codes::v1::EDUCATION_STAGE_UNSPECIFIED;
  unsigned grade = 0;
  unsigned offered = 0, unknown = 0, excused = 0, unexcused = 0;  // lessons
  unsigned period = 0, mark = 0;
  codes::v1::BehaviourKind behaviour = codes::v1::BEHAVIOUR_KIND_UNSPECIFIED;
  codes::v1::Specialist specialist = codes::v1::SPECIALIST_UNSPECIFIED;
  std::vector<codes::v1::ConsultationReason> reasons = {};
};

// What the school's request says; reads the facts the city makes, not every fact that could be made.
PlainFact Plain(const std::string& school, const intake::v1::Fact& fact);

}  // namespace tilts::city_simulator
