#include "case_intake/app/read_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "case_intake/app/report_limits.hpp"

namespace tilts::case_intake {
namespace {

using intake::v1::CompleteReportRequest;
using intake::v1::ReportConcernRequest;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const core::ReportId kReport("report-1");
const core::InstitutionId kSchool("riga-school-7");

ReadReport ReadIt(const ReportConcernRequest& request) {
  return Read(request, kReport, kSchool);
}

std::vector<std::string> FieldsOf(const core::Status& status) {
  std::vector<std::string> fields;
  if (!status) {
    for (const core::Violation& violation : status.error().violations) {
      fields.push_back(violation.field + " " + violation.code);
    }
  }
  return fields;
}

TEST(CheckReportTest, RefusesOnlyWhatCannotBeAReport) {
  ReportConcernRequest request;
  EXPECT_THAT(FieldsOf(CheckReport(request)), ElementsAre("request_id REQUIRED"));
  request.set_request_id("with a space");
  EXPECT_THAT(FieldsOf(CheckReport(request)), ElementsAre("request_id FORMAT"));
  request.set_request_id(std::string(65, 'a'));
  EXPECT_THAT(FieldsOf(CheckReport(request)), ElementsAre("request_id FORMAT"));
  request.set_request_id("A-b_1.2");
  EXPECT_TRUE(CheckReport(request));
  request.set_description(std::string(kLongestTextBytes + 1, 'x'));
  request.add_people()->set_given_name(std::string(kLongestName + 1, 'x'));
  for (int i = 0; i <= kMostIdentifiers; ++i) request.mutable_people(0)->add_identifiers();
  EXPECT_THAT(FieldsOf(CheckReport(request)),
              ElementsAre("people[0].identifiers TOO_MANY", "people[0].given_name TOO_LONG", "description TOO_LONG"));
  for (int i = 0; i <= kMostPeople; ++i) request.add_people();
  EXPECT_THAT(FieldsOf(CheckReport(request)), Contains("people TOO_MANY"));
}

TEST(CheckReportTest, RefusesTextThatIsNotUtf8WithItsPath) {
  ReportConcernRequest request;
  request.set_request_id("r1");
  request.add_people()->set_given_name("\xff\xfe");
  const core::Status status = CheckReport(request);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().violations.at(0).field, "people[0].given_name");
}

TEST(ReadReportTest, LeavesUnknownCodesOutWithAWarning) {
  ReportConcernRequest request;
  request.set_stream(static_cast<codes::v1::Stream>(77));
  request.add_concerns(codes::v1::CONCERN_CODE_CYBER);
  request.add_concerns(static_cast<codes::v1::ConcernCode>(77));
  request.add_people()->set_role(static_cast<codes::v1::PersonRole>(77));
  const ReadReport read = ReadIt(request);
  EXPECT_EQ(read.report.stream, Stream::kUnspecified);
  EXPECT_THAT(read.report.concerns, ElementsAre(Concern::kCyber));
  EXPECT_THAT(read.report.reading_warnings,
              ElementsAre(Warning{"stream", "CODE_UNKNOWN"}, Warning{"concerns", "CODE_UNKNOWN"},
                          Warning{"people[0].role", "CODE_UNKNOWN"}));
}

TEST(ReadReportTest, CutsALongTextBetweenCharacters) {
  ReportConcernRequest request;
  for (std::size_t i = 0; i < kLongestText + 1; ++i) *request.mutable_description() += "\xc4\x81";
  const ReadReport read = ReadIt(request);
  EXPECT_EQ(read.text.size(), 2 * kLongestText);
  EXPECT_THAT(read.report.reading_warnings, ElementsAre(Warning{"description", "TEXT_TRUNCATED"}));
}

TEST(ReadReportTest, TakesTheSchoolFromThePupilsNumber) {
  ReportConcernRequest request;
  auto& identifier = *request.add_people()->add_identifiers();
  identifier.set_system(codes::v1::IDENTIFIER_SYSTEM_PUPIL_NUMBER);
  identifier.set_value("4711");
  const ReadReport own = ReadIt(request);
  EXPECT_EQ(own.report.people[0].school_id, "riga-school-7");
  EXPECT_EQ(own.people[0].identifiers(0).institution_id(), "riga-school-7");
  identifier.set_institution_id("riga-school-9");
  EXPECT_EQ(ReadIt(request).report.people[0].school_id, "riga-school-9");
  request.mutable_people(0)->set_school_id("riga-school-1");
  EXPECT_EQ(ReadIt(request).report.people[0].school_id, "riga-school-1");
}

TEST(ReadReportTest, CleansWhatTheVaultCannotUse) {
  ReportConcernRequest request;
  auto& person = *request.add_people();
  person.add_identifiers()->set_value("no system");
  auto& longer = *person.add_identifiers();
  longer.set_system(codes::v1::IDENTIFIER_SYSTEM_PASSPORT);
  longer.set_value(std::string(65, '1'));
  auto& good = *person.add_identifiers();
  good.set_system(codes::v1::IDENTIFIER_SYSTEM_PASSPORT);
  good.set_value("LV123");
  person.set_birth_date("1 March 2014");
  const ReadReport read = ReadIt(request);
  ASSERT_EQ(read.people[0].identifiers_size(), 1);
  EXPECT_EQ(read.people[0].identifiers(0).value(), "LV123");
  EXPECT_EQ(read.people[0].birth_date(), "");
  EXPECT_THAT(read.report.reading_warnings, ElementsAre(Warning{"people[0].identifiers[0]", "IDENTIFIER_INCOMPLETE"},
                                                        Warning{"people[0].identifiers[1]", "IDENTIFIER_INCOMPLETE"},
                                                        Warning{"people[0].birth_date", "BIRTH_DATE_INVALID"}));
}

TEST(ReadReportTest, TakesNoFreeTextForCodes) {
  ReportConcernRequest request;
  auto& person = *request.add_people();
  person.set_school_id("Some School");
  person.set_residence_municipality("Some Street 1");
  request.set_place_institution_id("Some Place");
  request.set_place_municipality("Some Town");
  const Report report = ReadIt(request).report;
  EXPECT_EQ(report.people[0].school_id + report.people[0].residence_municipality + report.place_institution_id +
                report.place_municipality,
            "");
}

class CompletionTest : public ::testing::Test {
 protected:
  // Two people: an identified child and an unknown offender.
  Report Known() {
    Report report;
    report.id = kReport;
    report.reporter = kSchool;
    report.people = {{.role = Role::kVictim, .person = core::PersonId("p1"), .identified = true},
                     {.role = Role::kAllegedOffender, .person = core::PersonId("p2")}};
    report.reading_warnings = {{"concerns", "CODE_UNKNOWN"}, {"people[1].birth_date", "BIRTH_DATE_INVALID"}};
    return report;
  }
  static intake::v1::ReportedPerson Named(codes::v1::PersonRole role, const std::string& name) {
    intake::v1::ReportedPerson person;
    person.set_role(role);
    person.set_given_name(name);
    return person;
  }
};

TEST_F(CompletionTest, ReplacesTheUnidentifiedOfTheRoleAndKeepsTheOthers) {
  CompleteReportRequest request;
  *request.add_people() = Named(codes::v1::PERSON_ROLE_ALLEGED_OFFENDER, "x");
  *request.add_people() = Named(codes::v1::PERSON_ROLE_VICTIM, "y");
  const ReadReport read = ReadCompletion(request, Known(), {});
  ASSERT_EQ(read.report.people.size(), 3u);
  EXPECT_EQ(read.report.people[0].person, core::PersonId("p1"));
  EXPECT_EQ(read.report.people[1].role, Role::kAllegedOffender);
  EXPECT_TRUE(read.report.people[1].person.empty());
  EXPECT_EQ(read.people.size(), 2u);
  EXPECT_THAT(read.report.reading_warnings, ElementsAre(Warning{"concerns", "CODE_UNKNOWN"}));
}

TEST_F(CompletionTest, FillsCodesAndAddsFacts) {
  Report known = Known();
  known.relation = Relation::kPeer;
  known.aggravating = {Aggravating::kGroup};
  CompleteReportRequest request;
  request.set_place(codes::v1::PLACE_CLASS);
  request.add_aggravating(codes::v1::AGGRAVATING_FACT_INJURY);
  request.set_place_municipality("LV-JUR");
  request.set_description("more");
  const ReadReport read = ReadCompletion(request, known, {});
  EXPECT_EQ(read.report.relation, Relation::kPeer);
  EXPECT_EQ(read.report.place, Place::kClass);
  EXPECT_THAT(read.report.aggravating, ElementsAre(Aggravating::kInjury, Aggravating::kGroup));
  EXPECT_EQ(read.report.place_municipality, "LV-JUR");
  EXPECT_EQ(read.text, "more");
  EXPECT_THAT(read.people, IsEmpty());
}

TEST_F(CompletionTest, KeepsThePeopleThatWaitForTheVaultInOrder) {
  Report known = Known();
  known.people_held = true;
  known.people[0] = {.role = Role::kVictim};
  std::vector<intake::v1::ReportedPerson> held{Named(codes::v1::PERSON_ROLE_VICTIM, "child"),
                                               Named(codes::v1::PERSON_ROLE_ALLEGED_OFFENDER, "old")};
  CompleteReportRequest request;
  *request.add_people() = Named(codes::v1::PERSON_ROLE_ALLEGED_OFFENDER, "new");
  const ReadReport read = ReadCompletion(request, known, held);
  ASSERT_EQ(read.people.size(), 2u);
  EXPECT_EQ(read.people[0].given_name(), "child");
  EXPECT_EQ(read.people[1].given_name(), "new");
  ASSERT_EQ(read.report.people.size(), 2u);
  EXPECT_EQ(read.report.people[1].role, Role::kAllegedOffender);
}

TEST(AbsorbTest, FillsTheLastPeopleAndKeepsWhatWasReported) {
  Report report;
  report.people = {{.role = Role::kWitness, .person = core::PersonId("p0"), .identified = true},
                   {.role = Role::kVictim, .school_id = "riga-school-7"}};
  google::protobuf::RepeatedPtrField<registry::v1::ResolvedPerson> resolved;
  auto& person = *resolved.Add();
  person.set_person_id("p1");
  person.set_identified(true);
  person.set_school_id("riga-school-9");
  person.set_residence_municipality("LV-RIX");
  person.set_age_years(11);
  Absorb(resolved, report);
  EXPECT_EQ(report.people[0].person, core::PersonId("p0"));
  EXPECT_EQ(report.people[1].person, core::PersonId("p1"));
  EXPECT_TRUE(report.people[1].identified);
  EXPECT_EQ(report.people[1].school_id, "riga-school-7");
  EXPECT_EQ(report.people[1].residence_municipality, "LV-RIX");
  EXPECT_EQ(report.people[1].age_years, 11u);
}

}  // namespace
}  // namespace tilts::case_intake
