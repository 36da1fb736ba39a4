#include "case_intake/domain/accept_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain_samples.hpp"

namespace tilts::case_intake {
namespace {

using testing::CityRules;
using testing::kNow;
using testing::ViolenceReport;

const core::CaseId kFresh("case-1");

Decision Accept(const OnFile& on_file, const Report& report) {
  const Rules rules = CityRules();
  return AcceptReport(rules, on_file, Assess(rules, report, kNow), report, kFresh, kNow);
}

Case OpenCase() {
  return Accept({}, ViolenceReport()).after;
}

TEST(AcceptReportTest, OpensACaseWhenNothingIsOnFile) {
  const Decision decision = Accept({}, ViolenceReport());
  EXPECT_EQ(decision.after.id, kFresh);
  EXPECT_EQ(decision.after.state, CaseState::kOpen);
  EXPECT_EQ(decision.after.subject, core::PersonId("person-1"));
  EXPECT_EQ(decision.after.opened_at, kNow);
  EXPECT_EQ(decision.after.sequence, 1u);
  ASSERT_EQ(decision.events.size(), 1u);
  const auto& opened = std::get<CaseOpened>(decision.events[0].body);
  EXPECT_EQ(opened.facts, decision.after.facts);
  EXPECT_EQ(opened.reporter, core::InstitutionId("riga-school-9"));
}

TEST(AcceptReportTest, LinksTheEpisodeBeforeWhenTheFileWasClosed) {
  OnFile on_file;
  on_file.last_closed = core::CaseId("case-0");
  const Decision decision = Accept(on_file, ViolenceReport());
  EXPECT_EQ(decision.after.previous_case, core::CaseId("case-0"));
  EXPECT_EQ(std::get<CaseOpened>(decision.events[0].body).previous_case, core::CaseId("case-0"));
}

TEST(AcceptReportTest, AttachesToTheOpenCaseAndRaisesWhatBothSayTogether) {
  OnFile on_file;
  on_file.open = OpenCase();
  Report second = ViolenceReport("report-2");
  second.concerns = {Concern::kCyber};
  second.aggravating = {Aggravating::kGroup};
  const Decision decision = Accept(on_file, second);
  EXPECT_EQ(decision.after.id, on_file.open->id);
  EXPECT_EQ(decision.after.sequence, 2u);
  EXPECT_EQ(decision.after.version, on_file.open->version + 1);
  EXPECT_EQ(decision.after.facts.level, 2u);
  EXPECT_THAT(decision.after.facts.concerns, ::testing::ElementsAre(Concern::kPhysical, Concern::kCyber));
  ASSERT_EQ(decision.events.size(), 1u);
  EXPECT_EQ(std::get<ReportAttached>(decision.events[0].body).facts, decision.after.facts);
}

TEST(AcceptReportTest, NeverLowersLevelOrUrgencyWhenAMilderReportJoins) {
  Report grave = ViolenceReport();
  grave.aggravating = {Aggravating::kWeapon};
  OnFile on_file;
  on_file.open = Accept({}, grave).after;
  const Decision decision = Accept(on_file, ViolenceReport("report-2"));
  EXPECT_EQ(decision.after.facts.level, 3u);
  EXPECT_EQ(decision.after.facts.urgency, Urgency::kImminent);
}

TEST(AcceptReportTest, TakesTheReportersLevelOnlyUpwards) {
  Report report = ViolenceReport();
  report.level = 2;
  EXPECT_EQ(Accept({}, report).after.facts.level, 2u);
  report.aggravating = {Aggravating::kWeapon};
  EXPECT_EQ(Accept({}, report).after.facts.level, 3u);
}

TEST(AcceptReportTest, JudgesTheMergedPictureWhenNeitherReportSaidEnough) {
  Report unknown_relation = ViolenceReport();
  unknown_relation.relation = Relation::kFamily;
  OnFile on_file;
  on_file.open = Accept({}, unknown_relation).after;
  ASSERT_EQ(on_file.open->facts.level, 1u);
  Report injured_by_peers = ViolenceReport("report-2");
  injured_by_peers.aggravating = {Aggravating::kInjury};
  const Decision decision = Accept(on_file, injured_by_peers);
  EXPECT_EQ(decision.after.facts.urgency, Urgency::kImminent);
  EXPECT_EQ(decision.after.facts.level, 3u);
}

TEST(AcceptReportTest, HandsOverToTheDepartmentInTheSameWriteWhenStaffIsAlleged) {
  OnFile on_file;
  on_file.open = OpenCase();
  Report second = ViolenceReport("report-2");
  second.people.push_back({.role = Role::kAllegedOffender,
                           .person = core::PersonId("person-9"),
                           .identified = true,
                           .school_id = "riga-school-7",
                           .school_staff = true});
  const Decision decision = Accept(on_file, second);
  EXPECT_TRUE(decision.after.facts.staff_alleged);
  EXPECT_EQ(decision.after.facts.coordinator_id, "riga-iksd");
  EXPECT_EQ(std::get<ReportAttached>(decision.events[0].body).facts.coordinator_id, "riga-iksd");
}

TEST(AcceptReportTest, KeepsTheCoordinatorWhenTheInstitutionListIsLost) {
  OnFile on_file;
  on_file.open = OpenCase();
  Rules blind = CityRules();
  blind.institutions = {};
  const Report second = ViolenceReport("report-2");
  const Decision decision = AcceptReport(blind, on_file, Assess(blind, second, kNow), second, kFresh, kNow);
  EXPECT_EQ(decision.after.facts.coordinator_id, "riga-school-7");
}

TEST(AcceptReportTest, GivesAnUnknownChildACaseOfItsOwn) {
  Report report = ViolenceReport();
  report.people[0].person = {};
  report.people[0].identified = false;
  const Decision decision = Accept({}, report);
  EXPECT_TRUE(decision.after.subject.empty());
  EXPECT_FALSE(decision.after.facts.subject_known);
}

TEST(MergeFactsTest, SuspectsTheFamilyWhenEitherReportDoes) {
  CaseFacts peers;
  peers.relation = Relation::kPeer;
  CaseFacts family;
  family.relation = Relation::kFamily;
  EXPECT_EQ(Merge(peers, family).relation, Relation::kFamily);
  EXPECT_EQ(Merge(family, peers).relation, Relation::kFamily);
  CaseFacts unknown;
  EXPECT_EQ(Merge(unknown, peers).relation, Relation::kPeer);
  EXPECT_EQ(Merge(peers, unknown).relation, Relation::kPeer);
}

TEST(CompleteCaseTest, FillsThePictureAndNamesTheSubject) {
  Report report = ViolenceReport();
  report.people[0].person = {};
  report.people[0].identified = false;
  report.people[0].school_id.clear();
  const Case open = Accept({}, report).after;
  ASSERT_EQ(open.facts.coordinator_id, "riga-rsd");
  const Rules rules = CityRules();
  const Decision decision = CompleteCase(rules, open, Assess(rules, ViolenceReport(), kNow), kNow);
  EXPECT_EQ(decision.after.subject, core::PersonId("person-1"));
  EXPECT_EQ(decision.after.facts.coordinator_id, "riga-school-7");
  ASSERT_EQ(decision.events.size(), 1u);
  EXPECT_EQ(std::get<CaseFactsChanged>(decision.events[0].body).subject, core::PersonId("person-1"));
}

TEST(CompleteCaseTest, SaysNothingWhenNothingChanged) {
  const Rules rules = CityRules();
  const Case open = OpenCase();
  const Decision decision = CompleteCase(rules, open, Assess(rules, ViolenceReport(), kNow), kNow);
  EXPECT_FALSE(decision.changed);
  EXPECT_TRUE(decision.events.empty());
  EXPECT_EQ(decision.after, open);
}

TEST(CompleteCaseTest, NeverChangesAKnownSubject) {
  const Rules rules = CityRules();
  Report other = ViolenceReport();
  other.people[0].person = core::PersonId("person-2");
  const Decision decision = CompleteCase(rules, OpenCase(), Assess(rules, other, kNow), kNow);
  EXPECT_EQ(decision.after.subject, core::PersonId("person-1"));
}

TEST(MergeCasesTest, MovesReportsAndKeepsTheGraverPicture) {
  Report grave = ViolenceReport("report-2");
  grave.aggravating = {Aggravating::kWeapon};
  Case source = Accept({}, grave).after;
  source.id = core::CaseId("case-2");
  const Case target = OpenCase();
  const MergeDecision decision = MergeCases(CityRules(), source, target, source.facts,
                                            {{core::ReportId("report-2"), core::InstitutionId("riga-rsd")}}, kNow);
  EXPECT_EQ(decision.source.after.state, CaseState::kMerged);
  EXPECT_EQ(decision.source.after.merged_into, target.id);
  EXPECT_EQ(std::get<CaseStateChanged>(decision.source.events.at(0).body).merged_into, target.id);
  EXPECT_EQ(decision.target.after.facts.level, 3u);
  ASSERT_EQ(decision.target.events.size(), 1u);
  EXPECT_EQ(std::get<ReportAttached>(decision.target.events[0].body).report, core::ReportId("report-2"));
  EXPECT_EQ(decision.target.events[0].sequence, target.sequence + 1);
}

}  // namespace
}  // namespace tilts::case_intake
