#include "case_intake/app/contract.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "case_intake/app/referral_picture.hpp"
#include "domain_samples.hpp"

namespace tilts::case_intake {
namespace {

using testing::At;
using testing::CityRules;
using testing::kNow;
using testing::ViolenceReport;

template <typename Code>
void ExpectNumber(const google::protobuf::EnumDescriptor* list, const char* name, Code code) {
  const auto* value = list->FindValueByName(name);
  ASSERT_NE(value, nullptr) << name;
  EXPECT_EQ(value->number(), static_cast<int>(code)) << name;
}

TEST(ContractTest, CodesShareTheirNumbersWithTheContract) {
  ExpectNumber(codes::v1::Stream_descriptor(), "STREAM_RIGHTS", Stream::kRights);
  ExpectNumber(codes::v1::ConcernCode_descriptor(), "CONCERN_CODE_SUPPORT_NEED", Concern::kSupportNeed);
  ExpectNumber(codes::v1::ConcernCode_descriptor(), "CONCERN_CODE_NEGLECT", Concern::kNeglect);
  ExpectNumber(codes::v1::ConcernCode_descriptor(), "CONCERN_CODE_NOT_ENROLLED", Concern::kNotEnrolled);
  ExpectNumber(codes::v1::ConcernCode_descriptor(), "CONCERN_CODE_OTHER", Concern::kOther);
  ExpectNumber(codes::v1::Relation_descriptor(), "RELATION_FAMILY", Relation::kFamily);
  ExpectNumber(codes::v1::Place_descriptor(), "PLACE_ELSEWHERE", Place::kElsewhere);
  ExpectNumber(codes::v1::AggravatingFact_descriptor(), "AGGRAVATING_FACT_PARENTS_UNCOOPERATIVE",
               Aggravating::kParentsUncooperative);
  ExpectNumber(codes::v1::PersonRole_descriptor(), "PERSON_ROLE_ADULT_INVOLVED", Role::kAdultInvolved);
  ExpectNumber(codes::v1::Urgency_descriptor(), "URGENCY_IMMINENT", Urgency::kImminent);
  ExpectNumber(codes::v1::CaseState_descriptor(), "CASE_STATE_ENTERED_IN_ERROR", CaseState::kEnteredInError);
  ExpectNumber(codes::v1::CaseOutcome_descriptor(), "CASE_OUTCOME_UNRESOLVED", Outcome::kUnresolved);
  ExpectNumber(codes::v1::InstitutionKind_descriptor(), "INSTITUTION_KIND_IKSD", InstitutionKind::kIksd);
  ExpectNumber(codes::v1::InstitutionKind_descriptor(), "INSTITUTION_KIND_SOCIAL_SERVICE",
               InstitutionKind::kSocialService);
  ExpectNumber(codes::v1::InstitutionKind_descriptor(), "INSTITUTION_KIND_SCHOOL", InstitutionKind::kSchool);
  ExpectNumber(codes::v1::InstitutionKind_descriptor(), "INSTITUTION_KIND_OTHER_MUNICIPALITY",
               InstitutionKind::kOtherMunicipality);
}

TEST(ContractTest, EveryConcernOfTheContractHasAStream) {
  const auto* list = codes::v1::ConcernCode_descriptor();
  for (int i = 0; i < list->value_count(); ++i) {
    const int number = list->value(i)->number();
    if (number == 0 || number == codes::v1::CONCERN_CODE_OTHER) continue;
    EXPECT_NE(StreamOf(static_cast<Concern>(number)), Stream::kUnspecified) << list->value(i)->name();
  }
}

TEST(ContractTest, FactsComeBackAsTheyWere) {
  Report report = ViolenceReport();
  report.aggravating = {Aggravating::kWeapon, Aggravating::kGroup};
  report.people.push_back(
      {.role = Role::kAllegedOffender, .identified = true, .school_id = "riga-school-7", .school_staff = true});
  report.place_municipality = "LV-JUR";
  CaseFacts facts = Assess(CityRules(), report, kNow).facts;
  facts.in_out_of_family_care = true;
  EXPECT_EQ(FromProto(ToProto(facts)), facts);
}

TEST(ContractTest, AStoredReportIsAssessedAsBefore) {
  const Rules rules = CityRules();
  Report report = ViolenceReport();
  report.people[0].birth_date = calendar::ParseDate("2014-01-01").value();
  report.people[0].conflicting = true;
  report.people_held = true;
  report.reading_warnings = {{"concerns", "CODE_UNKNOWN"}};
  const Assessment before = Assess(rules, report, kNow);
  const intake::v1::StoredReport stored = ToStored(report, before, kNow);
  const Assessment after = Assess(rules, FromStored(report.id, report.reporter, stored), kNow);
  EXPECT_EQ(after.facts, before.facts);
  EXPECT_EQ(after.warnings, before.warnings);
  EXPECT_EQ(after.child, before.child);
  EXPECT_EQ(stored.DebugString().find("2014"), std::string::npos) << "the date of birth stays in the vault";
}

TEST(ContractTest, InstitutionsKeepWhatDecidesCompetence) {
  registry::v1::Institution proto;
  proto.set_institution_id("x");
  proto.set_kind(codes::v1::INSTITUTION_KIND_SCHOOL);
  proto.set_municipality("LV-RIX");
  proto.add_territory("LV-RIX");
  proto.mutable_valid_to()->set_seconds(1'000);
  proto.set_successor_id("y");
  proto.set_preference(3);
  const Institution institution = FromProto(proto);
  EXPECT_EQ(institution.kind, InstitutionKind::kSchool);
  EXPECT_EQ(institution.valid_to, At("1970-01-01T00:16:40Z"));
  EXPECT_FALSE(institution.valid_from);
  EXPECT_EQ(institution.successor_id, "y");
  EXPECT_EQ(institution.preference, 3u);
}

struct Followed {
  codes::v1::ReferralKind kind;
  codes::v1::ReferralState state;
  bool open;
  bool accepted;
};

class ReferralPictureTest : public ::testing::TestWithParam<Followed> {};

TEST_P(ReferralPictureTest, SaysWhoIsAskedAndWhoWorks) {
  referrals::v1::ReferralFacts facts;
  facts.set_kind(GetParam().kind);
  facts.set_state(GetParam().state);
  facts.set_sequence(5);
  EXPECT_EQ(PictureOf(facts), (ReferralPicture{5, GetParam().open, GetParam().accepted}));
}

constexpr auto kAct = codes::v1::REFERRAL_KIND_ACT;
INSTANTIATE_TEST_SUITE_P(States, ReferralPictureTest,
                         ::testing::Values(Followed{kAct, codes::v1::REFERRAL_STATE_DRAFT, false, false},
                                           Followed{kAct, codes::v1::REFERRAL_STATE_REQUESTED, true, false},
                                           Followed{kAct, codes::v1::REFERRAL_STATE_RECEIVED, true, false},
                                           Followed{kAct, codes::v1::REFERRAL_STATE_ACCEPTED, true, true},
                                           Followed{kAct, codes::v1::REFERRAL_STATE_IN_PROGRESS, true, true},
                                           Followed{kAct, codes::v1::REFERRAL_STATE_ON_HOLD, true, true},
                                           Followed{kAct, codes::v1::REFERRAL_STATE_COMPLETED, false, false},
                                           Followed{kAct, codes::v1::REFERRAL_STATE_EXPIRED, false, false},
                                           Followed{codes::v1::REFERRAL_KIND_INFORM,
                                                    codes::v1::REFERRAL_STATE_REQUESTED, false, false}));

}  // namespace
}  // namespace tilts::case_intake
