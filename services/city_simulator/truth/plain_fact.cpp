#include "city_simulator/truth/plain_fact.hpp"

#include "city_simulator/time/school_year.hpp"

namespace tilts::city_simulator {
namespace {

int NumberOfText(const std::string& text) {
  const auto day = ReadDay(text);
  return day ? NumberOf(*day) : 0;
}

}  // namespace

const char* NameOf(FactKind kind) {
  switch (kind) {
    case FactKind::kEnrolment: return "enrolment";
    case FactKind::kAttendance: return "attendance";
    case FactKind::kResult: return "result";
    case FactKind::kRepetition: return "repetition";
    case FactKind::kBehaviour: return "behaviour";
    case FactKind::kConsultation: return "consultation";
    case FactKind::kSupportMeasure: return "support-measure";
  }
  return "";
}

PlainFact Plain(const std::string& school, const intake::v1::Fact& fact) {
  PlainFact plain;
  plain.school = school;
  plain.revision = fact.revision();
  plain.withdrawn = fact.withdrawn();
  switch (fact.kind_case()) {
    case intake::v1::Fact::kEnrolment: {
      const auto& enrolment = fact.enrolment();
      plain.kind = FactKind::kEnrolment;
      plain.key = enrolment.from();
      plain.day = NumberOfText(enrolment.from());
      plain.to_day = NumberOfText(enrolment.to());
      plain.end_reason = enrolment.end_reason();
      plain.stage = enrolment.stage();
      plain.grade = enrolment.grade();
      break;
    }
    case intake::v1::Fact::kAttendance: {
      const auto& attendance = fact.attendance();
      plain.kind = FactKind::kAttendance;
      plain.key = attendance.day();
      plain.day = NumberOfText(attendance.day());
      plain.offered = attendance.lessons_offered();
      plain.unknown = attendance.absent_unknown();
      plain.excused = attendance.absent_excused();
      plain.unexcused = attendance.absent_unexcused();
      break;
    }
    case intake::v1::Fact::kResult: {
      const auto& result = fact.result();
      plain.kind = FactKind::kResult;
      plain.day = NumberOfText(result.day());
      plain.period = result.period();
      plain.mark = result.mark();
      plain.key = SchoolYearOf(DayOf(plain.day)) + " " + std::to_string(result.period()) + " " + result.subject_code();
      break;
    }
    case intake::v1::Fact::kRepetition:
      plain.kind = FactKind::kRepetition;
      plain.day = NumberOfText(fact.repetition().day());
      plain.grade = fact.repetition().grade();
      plain.key = SchoolYearOf(DayOf(plain.day));
      break;
    case intake::v1::Fact::kBehaviour:
      plain.kind = FactKind::kBehaviour;
      plain.key = fact.behaviour().incident_number();
      plain.day = NumberOfText(fact.behaviour().day());
      plain.behaviour = fact.behaviour().kind();
      break;
    case intake::v1::Fact::kConsultation: {
      const auto& consultation = fact.consultation();
      plain.kind = FactKind::kConsultation;
      plain.key = consultation.consultation_number();
      plain.day = NumberOfText(consultation.day());
      plain.specialist = consultation.specialist();
      for (const int reason : consultation.reasons())
        plain.reasons.push_back(static_cast<codes::v1::ConsultationReason>(reason));
      break;
    }
    case intake::v1::Fact::kSupportMeasure:
      plain.kind = FactKind::kSupportMeasure;
      plain.key = fact.support_measure().measure_number();
      plain.day = NumberOfText(fact.support_measure().day());
      break;
    case intake::v1::Fact::KIND_NOT_SET: break;
  }
  return plain;
}

}  // namespace tilts::city_simulator
