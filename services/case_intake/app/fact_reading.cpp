#include "case_intake/app/fact_reading.hpp"

#include <algorithm>

#include "case_intake/app/report_limits.hpp"
#include "wire/codes.hpp"

namespace tilts::case_intake {
namespace {

SentDay Sent(const std::string& text) {
  return {text, 0};
}

EnrolmentFact Read(const intake::v1::Enrolment& sent) {
  return {Sent(sent.from()),
          Sent(sent.to()),
          wire::Code<EndReason>(sent.end_reason()),
          wire::Code<Stage>(sent.stage()),
          sent.grade(),
          static_cast<std::uint32_t>(sent.person().identifiers_size())};
}

AttendanceFact Read(const intake::v1::AttendanceDay& sent) {
  return {Sent(sent.day()),      sent.lessons_offered(), sent.late(),
          sent.absent_unknown(), sent.absent_excused(),  sent.absent_unexcused()};
}

ConsultationFact Read(const intake::v1::Consultation& sent) {
  ConsultationFact fact{sent.consultation_number(),
                        Sent(sent.day()),
                        wire::Code<Specialist>(sent.specialist()),
                        {},
                        wire::Code<ConsultationMode>(sent.mode()),
                        wire::Code<Place>(sent.place())};
  for (const int reason : sent.reasons()) fact.reasons.push_back(static_cast<ConsultationReason>(reason));
  return fact;
}

}  // namespace

Fact FromProto(const intake::v1::Fact& sent) {
  Fact fact{sent.pupil_number(), sent.revision(), sent.withdrawn(), {}};
  switch (sent.kind_case()) {
    case intake::v1::Fact::kEnrolment: fact.body = Read(sent.enrolment()); break;
    case intake::v1::Fact::kAttendance: fact.body = Read(sent.attendance()); break;
    case intake::v1::Fact::kResult:
      fact.body = ResultFact{Sent(sent.result().day()), sent.result().period(), sent.result().subject_code(),
                             sent.result().mark()};
      break;
    case intake::v1::Fact::kRepetition:
      fact.body = RepetitionFact{Sent(sent.repetition().day()), sent.repetition().grade()};
      break;
    case intake::v1::Fact::kBehaviour:
      fact.body = BehaviourFact{sent.behaviour().incident_number(), Sent(sent.behaviour().day()),
                                wire::Code<BehaviourKind>(sent.behaviour().kind())};
      break;
    case intake::v1::Fact::kConsultation: fact.body = Read(sent.consultation()); break;
    case intake::v1::Fact::kSupportMeasure:
      fact.body = MeasureFact{sent.support_measure().measure_number(), Sent(sent.support_measure().day()),
                              wire::Code<MeasureKind>(sent.support_measure().kind())};
      break;
    case intake::v1::Fact::KIND_NOT_SET: break;
  }
  return fact;
}

core::Status CheckBatch(const char* field, int size, int most) {
  if (size > 0 && size <= most) return {};
  core::Error error{core::Errc::kInvalid, "The batch cannot be taken; correct its size", "BATCH_SIZE", {}, 0};
  if (size == 0) {
    error.violations.push_back({field, "BATCH_EMPTY", "Send at least one"});
  } else {
    error.violations.push_back({field, "BATCH_TOO_LARGE", "Send at most " + std::to_string(most) + " at a time"});
  }
  return core::Fail(std::move(error));
}

bool IsEventId(const std::string& text) {
  return !text.empty() && text.size() <= 128 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::vector<core::Violation> CheckPerson(const intake::v1::ReportedPerson& person, const std::string& path) {
  std::vector<core::Violation> violations;
  const auto limit = [&](const char* field, const std::string& text, std::size_t longest) {
    if (text.size() > longest) violations.push_back({path + "." + field, "TOO_LONG", "Shorten the value"});
  };
  limit("given_name", person.given_name(), kLongestName);
  limit("family_name", person.family_name(), kLongestName);
  limit("contact", person.contact(), kLongestContact);
  limit("birth_date", person.birth_date(), kLongestCode);
  limit("school_id", person.school_id(), kLongestCode);
  limit("residence_municipality", person.residence_municipality(), kLongestCode);
  for (int i = 0; i < person.identifiers_size(); ++i) {
    const intake::v1::PersonIdentifier& identifier = person.identifiers(i);
    const std::string field = path + ".identifiers[" + std::to_string(i) + "]";
    if (identifier.system() == codes::v1::IDENTIFIER_SYSTEM_UNSPECIFIED ||
        !codes::v1::IdentifierSystem_IsValid(identifier.system())) {
      violations.push_back({field + ".system", "CODE_UNKNOWN", "Send a listed system"});
    }
    if (identifier.value().empty() || identifier.value().size() > 64) {
      violations.push_back({field + ".value", "VALUE_LENGTH", "Send a value of 1 to 64 characters"});
    }
  }
  return violations;
}

intake::v1::ReportedPerson PersonToResolve(const intake::v1::ReportedPerson& sent, const std::string& pupil_number,
                                           const std::string& institution_id) {
  intake::v1::ReportedPerson person = sent;
  person.set_role(codes::v1::PERSON_ROLE_SUBJECT);
  if (person.school_id().empty()) person.set_school_id(institution_id);
  person.clear_identifiers();
  intake::v1::PersonIdentifier& own = *person.add_identifiers();
  own.set_system(codes::v1::IDENTIFIER_SYSTEM_PUPIL_NUMBER);
  own.set_value(pupil_number);
  own.set_institution_id(institution_id);
  for (const intake::v1::PersonIdentifier& identifier : sent.identifiers()) {
    // The number of the fact speaks; another one of the same institution would name somebody else.
    const bool of_here = identifier.system() == codes::v1::IDENTIFIER_SYSTEM_PUPIL_NUMBER &&
                         (identifier.institution_id().empty() || identifier.institution_id() == institution_id);
    if (!of_here) *person.add_identifiers() = identifier;
  }
  return person;
}

Enrolment EnrolmentOf(const EnrolmentFact& fact, const Fact& sent, Day today) {
  Enrolment enrolment;
  enrolment.from = fact.from.day;
  enrolment.revision = sent.revision;
  enrolment.withdrawn = sent.withdrawn;
  enrolment.as_of = today;
  if (sent.withdrawn) return enrolment;
  enrolment.to = fact.to.day;
  enrolment.end_reason = fact.end_reason;
  enrolment.stage = fact.stage;
  enrolment.grade = fact.grade;
  return enrolment;
}

void SetViolations(const std::vector<core::Violation>& violations,
                   google::protobuf::RepeatedPtrField<errors::v1::Violation>* target) {
  for (const core::Violation& violation : violations) {
    errors::v1::Violation& added = *target->Add();
    added.set_field(violation.field);
    added.set_code(violation.code);
    added.set_message(violation.message);
  }
}

}  // namespace tilts::case_intake
