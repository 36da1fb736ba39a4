#include "notification/domain/audience.hpp"

#include <gtest/gtest.h>

namespace tilts::notification::domain {
namespace {

Happening Moved(const std::string& actor) {
  Happening happening;
  happening.actor = actor;
  happening.requester = "school";
  happening.recipient = "police";
  return happening;
}

TEST(AudienceTest, PushesToTheOtherSideOnlyWhenAPartyActed) {
  const auto audience = Audience(Moved("police"));
  ASSERT_EQ(audience.size(), 2U);
  EXPECT_EQ(audience[0], (Addressee{"police", true, false, false, 1}));
  EXPECT_EQ(audience[1], (Addressee{"school", false, true, true, 1}));
}

TEST(AudienceTest, PushesToBothWhenTheSystemActed) {
  for (const Addressee& each : Audience(Moved(""))) {
    EXPECT_TRUE(each.push) << each.institution;
    EXPECT_FALSE(each.own_move) << each.institution;
  }
}

TEST(AudienceTest, NamesAnInstitutionOnceWhenItIsBothParties) {
  Happening happening = Moved("");
  happening.recipient = "school";
  ASSERT_EQ(Audience(happening).size(), 1U);
  EXPECT_TRUE(Audience(happening)[0].sees_case);
}

TEST(AudienceTest, PushesAReminderOnlyToWhomTheLadderNames) {
  Happening happening = Moved("");
  happening.kind = Happening::Kind::kEscalated;
  happening.told = {"police", "supervisor"};
  happening.channel_order = 2;
  const auto audience = Audience(happening);
  ASSERT_EQ(audience.size(), 3U);
  EXPECT_EQ(audience[0], (Addressee{"police", false, true, false, 2}));
  EXPECT_EQ(audience[1], (Addressee{"school", false, false, true, 2}));
  EXPECT_EQ(audience[2], (Addressee{"supervisor", false, true, false, 2}));
}

TEST(AudienceTest, TellsOnlyTheCoordinatorWhenRoutingIsExhausted) {
  Happening happening = Moved("");
  happening.kind = Happening::Kind::kExhausted;
  const auto audience = Audience(happening);
  ASSERT_EQ(audience.size(), 1U);
  EXPECT_EQ(audience[0].institution, "school");
}

TEST(AudienceTest, TellsTheReporterWithoutTheCaseWhenAReportHasItsOutcome) {
  Happening happening;
  happening.kind = Happening::Kind::kReportOutcome;
  happening.told = {"ngo"};
  const auto audience = Audience(happening);
  ASSERT_EQ(audience.size(), 1U);
  EXPECT_EQ(audience[0], (Addressee{"ngo", false, true, false, 1}));
}

TEST(AudienceTest, SkipsPartiesWithoutAnId) {
  Happening happening = Moved("");
  happening.requester.clear();
  EXPECT_EQ(Audience(happening).size(), 1U);
}

}  // namespace
}  // namespace tilts::notification::domain
