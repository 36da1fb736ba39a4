#include "registry/domain/person.hpp"

#include <gtest/gtest.h>

namespace tilts::registry {
namespace {

const Identifier kCode{IdentifierSystem::kNationalCode, "", "010203-12345"};
const Identifier kPassport{IdentifierSystem::kPassport, "", "LV1234567"};
const Identifier kNumber{IdentifierSystem::kPupilNumber, "riga-school-001", "7b-12"};

core::CityTime At(const char* text) {
  return core::ParseRfc3339(text).value();
}

TEST(ReadIdentifierTest, PupilNumberBelongsToTheReporterUnlessSaid) {
  EXPECT_EQ(ReadIdentifier(2, "7b-12", "", "riga-school-001"), kNumber);
  EXPECT_EQ(ReadIdentifier(2, "7b-12", "riga-school-001", "riga-rsd"), kNumber);
  EXPECT_EQ(ReadIdentifier(1, "010203-12345", "riga-school-001", "riga-rsd"), kCode);
}

TEST(ReadIdentifierTest, WhatSaysNothingIsLeftOut) {
  EXPECT_FALSE(ReadIdentifier(0, "010203-12345", "", ""));
  EXPECT_FALSE(ReadIdentifier(5, "010203-12345", "", ""));
  EXPECT_FALSE(ReadIdentifier(1, "  \t", "", ""));
  EXPECT_FALSE(ReadIdentifier(1, std::string(65, '1'), "", ""));
  EXPECT_FALSE(ReadIdentifier(2, "7b-12", "", ""));
}

TEST(DecideMatchTest, NobodyFoundMakesANewPersonWithAllIdentifiers) {
  const MatchDecision decision = DecideMatch({{kCode, ""}, {kNumber, ""}});
  EXPECT_EQ(decision.person_id, "");
  EXPECT_EQ(decision.to_add, (std::vector<Identifier>{kCode, kNumber}));
  EXPECT_TRUE(DecideMatch({}).person_id.empty());
}

TEST(DecideMatchTest, FoundPersonGainsTheNewIdentifiers) {
  const MatchDecision decision = DecideMatch({{kNumber, "p1"}, {kCode, ""}});
  EXPECT_EQ(decision.person_id, "p1");
  EXPECT_EQ(decision.to_add, std::vector<Identifier>{kCode});
  EXPECT_FALSE(decision.conflicting);
}

TEST(DecideMatchTest, StrongestIdentifierWinsWhenTheyDisagree) {
  const MatchDecision decision = DecideMatch({{kNumber, "p1"}, {kPassport, "p2"}, {kCode, "p3"}});
  EXPECT_EQ(decision.person_id, "p3");
  EXPECT_TRUE(decision.conflicting);
  EXPECT_TRUE(decision.to_add.empty());
}

TEST(DecideMatchTest, NumberNeverLeadsToSomebodyWithAnotherNationalCode) {
  const MatchDecision decision = DecideMatch({{kNumber, "p1", true}, {kCode, ""}});
  EXPECT_EQ(decision.person_id, "");
  EXPECT_TRUE(decision.conflicting);
  EXPECT_EQ(decision.to_add, std::vector<Identifier>{kCode});
}

TEST(DecideMatchTest, EnrolmentTakesTheNumberOverAReportDoesNot) {
  const std::vector<Match> of_two{{kNumber, "p1", true}, {kCode, "p2", true}};
  EXPECT_TRUE(DecideMatch(of_two).to_add.empty());
  const MatchDecision enrolled = DecideMatch(of_two, true);
  EXPECT_EQ(enrolled.person_id, "p2");
  EXPECT_EQ(enrolled.to_add, std::vector<Identifier>{kNumber});
  EXPECT_EQ(DecideMatch({{kNumber, "p1", true}, {kCode, ""}}, true).to_add, (std::vector<Identifier>{kNumber, kCode}));
  EXPECT_TRUE(DecideMatch({{kNumber, "p1"}, {kCode, "p1"}}, true).to_add.empty());
}

TEST(MergeTest, NewerReportSpeaksAndSilenceKeeps) {
  const PersonDetails known{"A", "B", "2015-02-28", 0, "riga-school-001", "LV-RIX", "old"};
  const PersonDetails merged = Merge(known, {"", "", "", 10, "riga-school-002", "", "new"});
  EXPECT_EQ(merged, (PersonDetails{"A", "B", "2015-02-28", 10, "riga-school-002", "LV-RIX", "new"}));
}

TEST(AgeTest, FollowsTheBirthDateOnTheDayInRiga) {
  PersonDetails details;
  details.birth_date = "2012-05-12";
  EXPECT_EQ(AgeAt(details, At("2026-05-11T20:59:59Z")), 13U);
  EXPECT_EQ(AgeAt(details, At("2026-05-11T21:00:00Z")), 14U);
}

TEST(AgeTest, LeapDayCountsFromTheFirstOfMarch) {
  PersonDetails details;
  details.birth_date = "2012-02-29";
  EXPECT_EQ(AgeAt(details, At("2026-02-28T12:00:00Z")), 13U);
  EXPECT_EQ(AgeAt(details, At("2026-03-01T12:00:00Z")), 14U);
}

TEST(AgeTest, ReportedAgeIsUsedWithoutAReadableBirthDate) {
  PersonDetails details;
  details.age_years = 9;
  EXPECT_EQ(AgeAt(details, At("2026-03-01T12:00:00Z")), 9U);
  details.birth_date = "spring 2015";
  EXPECT_EQ(AgeAt(details, At("2026-03-01T12:00:00Z")), 9U);
  details.birth_date = "2030-01-01";
  EXPECT_EQ(AgeAt(details, At("2026-03-01T12:00:00Z")), 0U);
}

}  // namespace
}  // namespace tilts::registry
