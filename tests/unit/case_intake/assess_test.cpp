#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "domain_samples.hpp"

namespace tilts::case_intake {
namespace {

using testing::At;
using testing::CityRules;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using testing::kNow;
using testing::Victim;
using testing::ViolenceReport;

TEST(AssessTest, WarnsOfNothingWhenTheReportIsComplete) {
  const Assessment assessment = Assess(CityRules(), ViolenceReport(), kNow);
  EXPECT_THAT(assessment.warnings, IsEmpty());
  EXPECT_EQ(assessment.facts.coordinator_id, "riga-school-7");
  EXPECT_EQ(assessment.facts.level, 1u);
  EXPECT_EQ(assessment.facts.urgency, Urgency::kUrgent);
  EXPECT_TRUE(assessment.facts.subject_known);
  EXPECT_EQ(assessment.child, core::PersonId("person-1"));
}

struct Flaw {
  const char* name;
  std::function<void(Report&)> spoil;
  Warning expected;
};

class AssessFlawTest : public ::testing::TestWithParam<Flaw> {};

TEST_P(AssessFlawTest, AcceptsWithAWarningWhenADetailIsMissing) {
  Report report = ViolenceReport();
  GetParam().spoil(report);
  const Assessment assessment = Assess(CityRules(), report, kNow);
  EXPECT_THAT(assessment.warnings, Contains(GetParam().expected));
  EXPECT_FALSE(Advice(GetParam().expected.code).empty());
  EXPECT_FALSE(assessment.facts.coordinator_id.empty());
  EXPECT_NE(assessment.facts.stream, Stream::kUnspecified);
  EXPECT_GE(assessment.facts.level, 1u);
}

INSTANTIATE_TEST_SUITE_P(
    Flaws, AssessFlawTest,
    ::testing::Values(
        Flaw{"stream", [](Report& r) { r.stream = Stream::kUnspecified; }, {"stream", "STREAM_ASSUMED"}},
        Flaw{"concern", [](Report& r) { r.concerns.clear(); }, {"concerns", "CONCERN_MISSING"}},
        Flaw{"foreign",
             [](Report& r) { r.concerns.insert(Concern::kFailing); },
             {"concerns", "CONCERN_OF_OTHER_STREAM"}},
        Flaw{"relation", [](Report& r) { r.relation = Relation::kUnspecified; }, {"relation", "RELATION_UNKNOWN"}},
        Flaw{"place", [](Report& r) { r.place = Place::kUnspecified; }, {"place", "PLACE_UNKNOWN"}},
        Flaw{"time", [](Report& r) { r.occurred_at.reset(); }, {"occurred_at", "TIME_UNKNOWN"}},
        Flaw{
            "future", [](Report& r) { r.occurred_at = At("2026-03-02T08:36:00Z"); }, {"occurred_at", "TIME_IN_FUTURE"}},
        Flaw{"nobody", [](Report& r) { r.people.clear(); }, {"people", "NO_CHILD_NAMED"}},
        Flaw{"witness", [](Report& r) { r.people[0].role = Role::kWitness; }, {"people", "NO_CHILD_NAMED"}},
        Flaw{"role", [](Report& r) { r.people.push_back({}); }, {"people[1].role", "ROLE_MISSING"}},
        Flaw{"two", [](Report& r) { r.people.push_back(Victim()); }, {"people", "SEVERAL_CHILDREN"}},
        Flaw{"identity", [](Report& r) { r.people[0].identified = false; }, {"people[0]", "PERSON_UNIDENTIFIED"}},
        Flaw{"conflict",
             [](Report& r) { r.people[0].conflicting = true; },
             {"people[0].identifiers", "IDENTIFIERS_CONFLICT"}},
        Flaw{"vault", [](Report& r) { r.people_held = true; }, {"people", "VAULT_UNAVAILABLE"}},
        Flaw{"age", [](Report& r) { r.people[0].age_years = 0; }, {"people[0].birth_date", "AGE_UNKNOWN"}},
        Flaw{"old", [](Report& r) { r.people[0].age_years = 900; }, {"people[0].birth_date", "AGE_UNKNOWN"}},
        Flaw{"school", [](Report& r) { r.people[0].school_id.clear(); }, {"people[0].school_id", "SCHOOL_UNKNOWN"}},
        Flaw{"text", [](Report& r) { r.people[0].school_id = "a name"; }, {"people[0].school_id", "SCHOOL_UNKNOWN"}},
        Flaw{"residence",
             [](Report& r) { r.people[0].residence_municipality = "Riga street 1"; },
             {"people[0].residence_municipality", "RESIDENCE_UNKNOWN"}},
        Flaw{"level", [](Report& r) { r.level = 9; }, {"level", "LEVEL_OUT_OF_RANGE"}}),
    [](const auto& named) { return std::string(named.param.name); });

TEST(AssessTest, LetsNoUnknownCodeIntoTheFacts) {
  Report report = ViolenceReport();
  report.people[0].school_id = "planted name";
  report.people[0].residence_municipality = "planted street";
  report.place_institution_id = "planted place";
  report.place_municipality = "planted town";
  report.people.push_back(
      {.role = Role::kAllegedOffender, .identified = true, .school_id = "planted staff", .school_staff = true});
  const CaseFacts facts = Assess(CityRules(), report, kNow).facts;
  for (const std::string& code : {facts.school_id, facts.residence_municipality, facts.place_municipality,
                                  facts.staff_institution_id, facts.coordinator_id}) {
    EXPECT_EQ(code.find("planted"), std::string::npos) << code;
  }
}

TEST(AssessTest, HoldsInstitutionCodesBackWhenTheListWasNeverSeen) {
  Rules rules = CityRules();
  rules.institutions = {};
  const Assessment assessment = Assess(rules, ViolenceReport(), kNow);
  EXPECT_THAT(assessment.warnings, Contains(Warning{"people[0].school_id", "SCHOOL_UNCHECKED"}));
  EXPECT_TRUE(assessment.facts.school_id.empty());
  EXPECT_EQ(assessment.facts.coordinator_id, "riga-rsd");
}

TEST(AssessTest, TakesTheAgeFromTheBirthDateInRigaTime) {
  Report report = ViolenceReport();
  report.people[0].birth_date = calendar::ParseDate("2014-03-03").value();
  report.people[0].age_years = 5;
  EXPECT_EQ(Assess(CityRules(), report, At("2026-03-02T21:59:59Z")).facts.age_years, 11u);
  EXPECT_EQ(Assess(CityRules(), report, At("2026-03-02T22:00:00Z")).facts.age_years, 12u);
}

struct StreamCase {
  std::set<Concern> concerns;
  std::set<Aggravating> aggravating;
  Role role;
  Stream expected;
};

class AssessStreamTest : public ::testing::TestWithParam<StreamCase> {};

TEST_P(AssessStreamTest, TakesTheStreamFromTheConcernsWhenItIsNotNamed) {
  Report report = ViolenceReport();
  report.stream = Stream::kUnspecified;
  report.concerns = GetParam().concerns;
  report.aggravating = GetParam().aggravating;
  report.people[0].role = GetParam().role;
  EXPECT_EQ(Assess(CityRules(), report, kNow).facts.stream, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Streams, AssessStreamTest,
    ::testing::Values(StreamCase{{Concern::kFailing}, {}, Role::kSubject, Stream::kPmp},
                      StreamCase{{Concern::kFailing, Concern::kCyber}, {}, Role::kSubject, Stream::kViolence},
                      StreamCase{{Concern::kBegging, Concern::kFamily}, {}, Role::kVictim, Stream::kRights},
                      StreamCase{{Concern::kOther}, {}, Role::kSubject, Stream::kPmp},
                      StreamCase{{Concern::kOther}, {Aggravating::kInjury}, Role::kSubject, Stream::kViolence},
                      StreamCase{{}, {}, Role::kVictim, Stream::kViolence},
                      StreamCase{{}, {}, Role::kUnspecified, Stream::kViolence}));

struct CoordinatorCase {
  const char* name;
  std::function<void(Report&)> change;
  const char* expected;
};

class CoordinatorTest : public ::testing::TestWithParam<CoordinatorCase> {};

TEST_P(CoordinatorTest, IsTheOneAccountableInstitution) {
  Report report = ViolenceReport();
  GetParam().change(report);
  EXPECT_EQ(Assess(CityRules(), report, kNow).facts.coordinator_id, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Coordinators, CoordinatorTest,
    ::testing::Values(
        CoordinatorCase{"school", [](Report&) {}, "riga-school-7"},
        CoordinatorCase{"no_school", [](Report& r) { r.people[0].school_id.clear(); }, "riga-rsd"},
        CoordinatorCase{"not_a_school", [](Report& r) { r.people[0].school_id = "riga-iksd"; }, "riga-rsd"},
        CoordinatorCase{"other_municipality",
                        [](Report& r) {
                          r.people[0].school_id.clear();
                          r.people[0].residence_municipality = "LV-JUR";
                        },
                        "jurmala"},
        CoordinatorCase{"unknown_municipality",
                        [](Report& r) {
                          r.people[0].school_id.clear();
                          r.people[0].residence_municipality = "LV-999";
                        },
                        "riga-rsd"},
        CoordinatorCase{"nothing_known", [](Report& r) { r.people.clear(); }, "riga-rsd"},
        CoordinatorCase{"staff_alleged",
                        [](Report& r) {
                          r.people.push_back(
                              {.role = Role::kAllegedOffender, .school_id = "riga-school-7", .school_staff = true});
                        },
                        "riga-iksd"},
        CoordinatorCase{"staff_only_witness",
                        [](Report& r) { r.people.push_back({.role = Role::kWitness, .school_staff = true}); },
                        "riga-school-7"}),
    [](const auto& named) { return std::string(named.param.name); });

TEST(CoordinatorTest, FollowsTheSuccessorWhenASchoolWasClosed) {
  Rules rules = CityRules();
  rules.institutions = Institutions({{.id = "riga-school-7",
                                      .kind = InstitutionKind::kSchool,
                                      .valid_to = At("2026-01-01T00:00:00Z"),
                                      .successor_id = "riga-school-9"},
                                     {.id = "riga-school-9", .kind = InstitutionKind::kSchool}});
  EXPECT_EQ(Assess(rules, ViolenceReport(), kNow).facts.coordinator_id, "riga-school-9");
}

TEST(MunicipalityCodeTest, IsIso31662) {
  for (const char* code : {"LV-RIX", "LV-054", "EE-37"}) EXPECT_TRUE(IsMunicipalityCode(code)) << code;
  for (const char* code : {"", "LV", "LV-", "lv-rix", "LV-RIGAA", "LV_RIX", "Riga"}) {
    EXPECT_FALSE(IsMunicipalityCode(code)) << code;
  }
}

TEST(WarningsTest, EveryCodeSaysWhatToDoNext) {
  for (const std::string_view code : WarningCodes()) EXPECT_GT(Advice(code).size(), 10u) << code;
  EXPECT_TRUE(Advice("NO_SUCH_CODE").empty());
}

}  // namespace
}  // namespace tilts::case_intake
