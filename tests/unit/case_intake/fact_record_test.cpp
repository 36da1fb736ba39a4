#include "case_intake/app/fact_record.hpp"

#include <gtest/gtest.h>
#include <tilts/intake/v1/fact_service.pb.h>

#include <set>

#include "case_intake/app/fact_reading.hpp"

namespace tilts::case_intake {
namespace {

Fact Attendance(const std::string& number, Day day) {
  Fact fact{number, 1, false, {}};
  fact.body = AttendanceFact{.day = {{}, day}, .lessons_offered = 5};
  return fact;
}
Fact Consultation(const std::string& consultation, Day day) {
  Fact fact{"PN-1", 1, false, {}};
  fact.body = ConsultationFact{.number = consultation, .day = {{}, day}};
  return fact;
}
Fact Result(std::uint32_t period, const std::string& subject, Day day) {
  Fact fact{"PN-1", 1, false, {}};
  fact.body = ResultFact{{{}, day}, period, subject, 5};
  return fact;
}

const FactKeys kKeys("secret");

TEST(FactRecordTest, EveryPartOfTheNaturalKeyNamesAnotherRecord) {
  const std::set<std::string> ids = {
      kKeys.RecordId(Attendance("PN-1", 20'000), "school-1", ""),
      kKeys.RecordId(Attendance("PN-2", 20'000), "school-1", ""),
      kKeys.RecordId(Attendance("PN-1", 20'001), "school-1", ""),
      kKeys.RecordId(Attendance("PN-1", 20'000), "school-2", ""),
      kKeys.EnrolmentRecordId("school-1", "PN-1", 20'000),
      kKeys.RecordId(Result(1, "MATH", 20'000), "school-1", ""),
      kKeys.RecordId(Result(2, "MATH", 20'000), "school-1", ""),
      kKeys.RecordId(Result(1, "LV", 20'000), "school-1", ""),
      FactKeys("another secret").RecordId(Attendance("PN-1", 20'000), "school-1", ""),
  };
  EXPECT_EQ(ids.size(), 9u);
  for (const std::string& id : ids) EXPECT_EQ(id.size(), 32u);
}

TEST(FactRecordTest, WhatIsNoPartOfTheKeyNamesTheSameRecord) {
  Fact corrected = Attendance("PN-1", 20'000);
  corrected.revision = 2;
  std::get<AttendanceFact>(corrected.body).lessons_offered = 6;
  EXPECT_EQ(kKeys.RecordId(corrected, "school-1", ""), kKeys.RecordId(Attendance("pn 1", 20'000), "school-1", ""));
  // A result given on another day of the same school year is the same result.
  EXPECT_EQ(kKeys.RecordId(Result(1, "MATH", 20'390), "school-1", ""),
            kKeys.RecordId(Result(1, "MATH", 20'400), "school-1", ""));
}

TEST(FactRecordTest, ASupportRecordIsNamedByTheStatisticsIdAndByNothingElseOfThePupil) {
  const std::string id = kKeys.RecordId(Consultation("K-1", 20'000), "school-1", "statistics");
  EXPECT_EQ(id, kKeys.RecordId(Consultation("K-1", 20'050), "school-1", "statistics"));
  EXPECT_NE(id, kKeys.RecordId(Consultation("K-1", 20'000), "school-1", "another year's"));
  EXPECT_NE(id, kKeys.RecordId(Consultation("K-2", 20'000), "school-1", "statistics"));
  EXPECT_EQ(kKeys.RecordId(Consultation("K-1", 20'000), "school-1", ""), "");
  EXPECT_NE(id, kKeys.HeldId(Consultation("K-1", 20'000), "school-1"));
}

TEST(FactRecordTest, PartsCannotSlideIntoEachOther) {
  EXPECT_NE(kKeys.NumberIndex("school-1", "12"), kKeys.NumberIndex("school-11", "2"));
  EXPECT_EQ(kKeys.NumberIndex("school-1", "a-1"), kKeys.NumberIndex("school-1", "A1"));
}

template <typename Code>
void ExpectNumber(const google::protobuf::EnumDescriptor* list, const char* name, Code code) {
  const auto* value = list->FindValueByName(name);
  ASSERT_NE(value, nullptr) << name;
  EXPECT_EQ(value->number(), static_cast<int>(code)) << name;
}

TEST(FactContractTest, CodesShareTheirNumbersWithTheContract) {
  ExpectNumber(codes::v1::EducationStage_descriptor(), "EDUCATION_STAGE_DISTANCE", Stage::kDistance);
  ExpectNumber(codes::v1::EnrolmentEndReason_descriptor(), "ENROLMENT_END_REASON_UNKNOWN", EndReason::kUnknown);
  ExpectNumber(codes::v1::BehaviourKind_descriptor(), "BEHAVIOUR_KIND_SUSPENSION", BehaviourKind::kSuspension);
  ExpectNumber(codes::v1::Specialist_descriptor(), "SPECIALIST_CAREER_CONSULTANT", Specialist::kCareerConsultant);
  ExpectNumber(codes::v1::ConsultationReason_descriptor(), "CONSULTATION_REASON_CAREER", ConsultationReason::kCareer);
  ExpectNumber(codes::v1::ConsultationReason_descriptor(), "CONSULTATION_REASON_OTHER", ConsultationReason::kOther);
  ExpectNumber(codes::v1::ConsultationMode_descriptor(), "CONSULTATION_MODE_REMOTE", ConsultationMode::kRemote);
  ExpectNumber(codes::v1::SupportMeasureKind_descriptor(), "SUPPORT_MEASURE_KIND_FAMILY_SUPPORT",
               MeasureKind::kFamilySupport);
  ExpectNumber(codes::v1::SupportMeasureKind_descriptor(), "SUPPORT_MEASURE_KIND_OTHER", MeasureKind::kOther);
}

// Every listed code of the contract passes the check: a code added there must be added here.
TEST(FactContractTest, EveryListedCodeIsTaken) {
  const FactDays days = FactDaysOn(calendar::ParseDate("2026-03-02").value());
  const auto* reasons = codes::v1::ConsultationReason_descriptor();
  for (int i = 1; i < reasons->value_count(); ++i) {
    intake::v1::Fact sent;
    sent.set_pupil_number("PN-1");
    sent.set_revision(1);
    auto& consultation = *sent.mutable_consultation();
    consultation.set_consultation_number("K-1");
    consultation.set_day("2026-03-02");
    consultation.set_specialist(codes::v1::SPECIALIST_SPEECH_THERAPIST);
    consultation.set_mode(codes::v1::CONSULTATION_MODE_REMOTE);
    consultation.add_reasons(static_cast<codes::v1::ConsultationReason>(reasons->value(i)->number()));
    Fact fact = FromProto(sent);
    EXPECT_TRUE(CheckFact(fact, "f", days).empty()) << reasons->value(i)->name();
  }
}

TEST(FactContractTest, ThePersonIsAskedForByTheFactsNumberFirst) {
  intake::v1::ReportedPerson sent;
  sent.set_role(codes::v1::PERSON_ROLE_PARENT);
  for (const char* institution : {"", "school-1", "school-2"}) {
    intake::v1::PersonIdentifier& identifier = *sent.add_identifiers();
    identifier.set_system(codes::v1::IDENTIFIER_SYSTEM_PUPIL_NUMBER);
    identifier.set_value("other");
    identifier.set_institution_id(institution);
  }
  const intake::v1::ReportedPerson person = PersonToResolve(sent, "PN-1", "school-1");
  ASSERT_EQ(person.identifiers_size(), 2);
  EXPECT_EQ(person.identifiers(0).value(), "PN-1");
  EXPECT_EQ(person.identifiers(0).institution_id(), "school-1");
  EXPECT_EQ(person.identifiers(1).institution_id(), "school-2");
  EXPECT_EQ(person.role(), codes::v1::PERSON_ROLE_SUBJECT);
}

}  // namespace
}  // namespace tilts::case_intake
