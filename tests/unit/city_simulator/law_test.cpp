#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "city_simulator/city/report_plan.hpp"
#include "city_simulator/law/report_picture.hpp"
#include "city_simulator/law/world.hpp"

namespace tilts::city_simulator {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using namespace tilts::codes::v1;  // NOLINT: codes

Instant Riga(const char* day, int hour, int minute) {
  return FromRiga(*ReadDay(day), std::chrono::hours{hour} + std::chrono::minutes{minute});
}

registry::v1::Institution Make(const char* id, InstitutionKind kind, const char* calendar,
                               const char* supervisor = "") {
  registry::v1::Institution institution;
  institution.set_institution_id(id);
  institution.set_kind(kind);
  institution.set_municipality("LV-RIX");
  institution.set_calendar_id(calendar);
  institution.set_supervisor_id(supervisor);
  return institution;
}

// The published data with a small city.
class WorldTest : public testing::Test {
 protected:
  void SetUp() override {
    Reading reading;
    const std::string services = std::string(TILTS_SOURCE_DIR) + "/services/";
    books_.levels.Read(services + "case_intake/data/levels.json", reading);
    books_.rules.Read(services + "referral_routing/data/rules", reading);
    books_.deadlines.Read(services + "referral_routing/data", reading);
    ASSERT_THAT(reading.complaints(), IsEmpty());
    directory_.Fill({Make("school", INSTITUTION_KIND_SCHOOL, "schools"),
                     Make("iksd", INSTITUTION_KIND_IKSD, "municipal"),
                     Make("rsd", INSTITUTION_KIND_SOCIAL_SERVICE, "municipal", "group-of-heads"),
                     Make("police", INSTITUTION_KIND_STATE_POLICE, "state"),
                     Make("court", INSTITUTION_KIND_ORPHANS_COURT, "municipal", "bac"),
                     Make("shelter-1", INSTITUTION_KIND_CRISIS_CENTRE, "municipal"),
                     Make("shelter-2", INSTITUTION_KIND_CRISIS_CENTRE, "municipal"),
                     Make("group", INSTITUTION_KIND_COOPERATION_GROUP, "municipal"),
                     Make("bac", INSTITUTION_KIND_CHILD_PROTECTION_CENTRE, "state")});
    world_.emplace(books_, directory_, [this](const ExpectedNotice& notice) { notices_.push_back(notice); });
  }

  static Picture FamilyViolence() {
    Picture picture;
    picture.stream = STREAM_VIOLENCE;
    picture.concerns = {CONCERN_CODE_EMOTIONAL};
    picture.relation = RELATION_FAMILY;
    picture.place = PLACE_FAMILY;
    picture.age = 9;
    picture.school = "school";
    picture.residence = "LV-RIX";
    return picture;
  }

  std::vector<std::string> Purposes() const {
    std::vector<std::string> purposes;
    for (const auto& referral : world_->referrals())
      purposes.push_back(referral.ask.purpose + ">" + referral.recipient);
    return purposes;
  }

  Books books_;
  Directory directory_;
  std::vector<ExpectedNotice> notices_;
  std::optional<World> world_;
};

TEST_F(WorldTest, FamilyViolenceOnFridayEveningAlsoGoesToThePoliceWhoNeverSleep) {
  world_->Report(1, "child", "school", FamilyViolence(), Riga("2025-11-07", 18, 40));
  EXPECT_THAT(Purposes(), UnorderedElementsAre("CUSTODY_CHECK>court", "FAMILY_SUPPORT>rsd", "POLICE_CHECK>police",
                                               "SAFE_SHELTER>shelter-1"));
  EXPECT_EQ(world_->cases()[0].picture.coordinator, "school");
  EXPECT_EQ(world_->cases()[0].picture.urgency, URGENCY_URGENT);
}

TEST_F(WorldTest, TheSameInOfficeHoursDoesNot) {
  world_->Report(1, "child", "school", FamilyViolence(), Riga("2025-11-07", 11, 0));
  EXPECT_THAT(Purposes(), testing::Not(Contains("POLICE_CHECK>police")));
}

TEST_F(WorldTest, ASecondReportJoinsTheCaseAndAsksNothingTwice) {
  const Instant at = Riga("2025-11-05", 10, 0);
  world_->Report(1, "child", "school", FamilyViolence(), at);
  const std::size_t before = world_->referrals().size();
  world_->Report(2, "child", "rsd", FamilyViolence(), at + std::chrono::hours{1});
  EXPECT_EQ(world_->cases().size(), 1U);
  EXPECT_EQ(world_->referrals().size(), before);
  EXPECT_THAT(world_->cases()[0].reports, ElementsAre(1U, 2U));
}

TEST_F(WorldTest, AReportIsAsUrgentAsItSaysWhateverCaseItJoins) {
  Picture danger = FamilyViolence();
  danger.aggravating = {AGGRAVATING_FACT_THREAT_TO_LIFE};
  const Instant at = Riga("2025-11-05", 10, 0);
  world_->Report(1, "child", "school", danger, at);
  const std::size_t joined = world_->Report(2, "child", "rsd", FamilyViolence(), at + std::chrono::hours{1});
  EXPECT_EQ(world_->cases()[joined].picture.urgency, URGENCY_IMMINENT);
  EXPECT_EQ(world_->UrgencyOf(FamilyViolence()), URGENCY_URGENT);
  EXPECT_EQ(world_->UrgencyOf(danger), URGENCY_IMMINENT);
}

TEST_F(WorldTest, ARejectedShelterIsReplacedByTheNext) {
  const Instant at = Riga("2025-11-05", 10, 0);
  world_->Report(1, "child", "school", FamilyViolence(), at);
  const auto shelter = static_cast<std::size_t>(
      std::find_if(world_->referrals().begin(), world_->referrals().end(),
                   [](const auto& referral) { return referral.ask.purpose == "SAFE_SHELTER"; }) -
      world_->referrals().begin());
  EXPECT_TRUE(world_->Move(shelter, {REFERRAL_MOVE_REJECT, "shelter-1", REJECT_REASON_AT_CAPACITY, {}, {}}, at));
  EXPECT_EQ(world_->referrals().back().recipient, "shelter-2");
  EXPECT_EQ(world_->referrals().back().key, "child/STREAM_VIOLENCE.1/SAFE_SHELTER.2");
  EXPECT_EQ(world_->reroutes(), 1U);
  EXPECT_FALSE(world_->Move(shelter, {REFERRAL_MOVE_ACCEPT, "shelter-1", {}, {}, {}}, at));
}

TEST_F(WorldTest, SilenceClimbsTheLadderInOfficeHoursAndExpires) {
  Picture picture = FamilyViolence();
  world_->Report(1, "child", "school", picture, Riga("2025-11-05", 10, 0));
  const ReferralModel& shelter = *std::find_if(world_->referrals().begin(), world_->referrals().end(),
                                               [](const auto& each) { return each.ask.purpose == "SAFE_SHELTER"; });
  const std::string key = shelter.key;
  // One working day from Wednesday ends on Thursday at midnight: its head hears on Friday at opening time, and a
  // working day later, on Monday, the next centre is asked.
  EXPECT_EQ(shelter.due.at(Clock::kAcknowledge), Riga("2025-11-07", 0, 0));
  std::vector<std::string> fired;
  while (const auto due = world_->NextDue()) {
    if (*due > Riga("2025-11-10", 12, 0)) break;
    const std::size_t before = notices_.size();
    world_->Pass(*due);
    for (std::size_t each = before; each < notices_.size(); ++each) {
      const std::string& text = notices_[each].text;
      if (notices_[each].institution == "shelter-1" && text.find(key) != std::string::npos) {
        fired.push_back(ForPeople(*due) + " " + text.substr(0, text.find(' ')));
      }
    }
  }
  EXPECT_THAT(
      fired,
      ElementsAre("Thu 2025-11-06 08:30 tilts.referral.reminder", "Fri 2025-11-07 08:30 tilts.referral.escalated",
                  "Mon 2025-11-10 08:30 tilts.referral.escalated", "Mon 2025-11-10 08:30 tilts.referral.expired"));
}

TEST_F(WorldTest, ImminentDangerIsChasedByTheMinuteAtNight) {
  Picture picture = FamilyViolence();
  picture.aggravating = {AGGRAVATING_FACT_THREAT_TO_LIFE};
  const Instant at = Riga("2025-11-08", 23, 10);
  world_->Report(1, "child", "school", picture, at);
  EXPECT_EQ(world_->NextDue(), at + std::chrono::minutes{2});
  world_->Pass(at + std::chrono::minutes{2});
  EXPECT_EQ(world_->NextDue(), at + std::chrono::minutes{15});
}

TEST_F(WorldTest, TheAbsenceLineTellsDepartmentAndSchoolAndOpensNothing) {
  const Instant at = Riga("2025-11-05", 20, 0);
  const std::size_t notice = world_->Notify("learner-1/limit-1", "learner-1", "school", at);
  EXPECT_THAT(Purposes(), ElementsAre("STATUTORY_ABSENCE_NOTICE>iksd", "ABSENCE_TASK>school"));
  EXPECT_EQ(world_->referrals()[0].requester, "school");
  EXPECT_EQ(world_->referrals()[1].requester, "iksd");
  // Five working days from Wednesday.
  EXPECT_EQ(world_->referrals()[0].due.at(Clock::kAcknowledge), Riga("2025-11-13", 0, 0));
  EXPECT_FALSE(world_->Close(notice, CASE_OUTCOME_RESOLVED, at));
}

TEST_F(WorldTest, WhatNobodyReadIsCancelledAndWhoReadItIsTold) {
  const Instant at = Riga("2025-11-05", 20, 0);
  const std::size_t notice = world_->Notify("learner-1/limit-1", "learner-1", "school", at);
  EXPECT_TRUE(world_->Move(0, {REFERRAL_MOVE_ACKNOWLEDGE, "iksd", {}, {}, {}}, at + std::chrono::hours{14}));
  world_->RetractNotice(notice, at + std::chrono::hours{24});
  EXPECT_EQ(world_->referrals()[0].state, REFERRAL_STATE_RECEIVED);
  EXPECT_EQ(world_->referrals()[1].state, REFERRAL_STATE_CANCELLED);
  EXPECT_THAT(Purposes(),
              ElementsAre("STATUTORY_ABSENCE_NOTICE>iksd", "ABSENCE_TASK>school", "STATUTORY_ABSENCE_RETRACTED>iksd"));
  EXPECT_EQ(world_->referrals()[2].requester, "school");
}

TEST_F(WorldTest, AConfirmedTierOpensTheFileThatAReportJoins) {
  Picture picture;
  picture.stream = STREAM_PMP;
  picture.school = "school";
  picture.concerns = {CONCERN_CODE_FAILING};
  const Instant at = Riga("2025-11-05", 9, 10);
  const std::size_t opened = world_->ConfirmTier("learner-1", "school", picture, at);
  EXPECT_THAT(Purposes(), ElementsAre("SCHOOL_SUPPORT_TEAM>school"));
  EXPECT_EQ(world_->cases()[opened].picture.coordinator, "school");
  EXPECT_EQ(world_->Report(1, "learner-1", "school", picture, at + std::chrono::hours{1}), opened);
}

TEST_F(WorldTest, EveryPublishedRuleIsMetByTheCity) {
  Canary canary(5, 1);
  CityOptions options;
  options.seed = 5;
  options.run_name = "test";
  options.first_day = *ReadDay("2025-10-27");
  Directory directory;
  std::vector<registry::v1::Institution> institutions = directory_.all();
  for (unsigned school = 1; school <= options.schools; ++school) {
    institutions.push_back(Make(SchoolId(school).c_str(), INSTITUTION_KIND_SCHOOL, "schools"));
  }
  directory.Fill(std::move(institutions));
  World world(books_, directory, [](const ExpectedNotice&) {});
  for (const PlannedReport& report : PlanReports(options, canary)) {
    world.Report(report.number, report.child, report.reporter, PictureOfReport(report.request, directory), report.at);
  }
  EXPECT_EQ(world.rules_matched(), books_.rules.ids());
}

TEST(ReportPlanTest, TheSameSeedGivesTheSameCity) {
  Canary canary(9, 1);
  CityOptions options;
  options.seed = 9;
  options.run_name = "test";
  options.first_day = *ReadDay("2025-10-27");
  const auto first = PlanReports(options, canary), second = PlanReports(options, canary);
  ASSERT_GE(first.size(), 60U);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t index = 0; index < first.size(); ++index) {
    EXPECT_EQ(first[index].at, second[index].at);
    EXPECT_EQ(first[index].request.SerializeAsString(), second[index].request.SerializeAsString());
  }
}

}  // namespace
}  // namespace tilts::city_simulator
