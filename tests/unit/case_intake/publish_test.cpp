#include "case_intake/app/publish.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tilts/cases/v1/events.pb.h>
#include <tilts/events/v1/envelope.pb.h>

#include "case_intake/domain/case_moves.hpp"
#include "domain_samples.hpp"
#include "events/envelope_codec.hpp"

namespace tilts::case_intake {
namespace {

using testing::CityRules;
using testing::kNow;
using testing::ViolenceReport;

const Occasion kOccasion{"call-1", "", kNow, "LV-RIX"};

Decision Opened(Stream stream) {
  const Rules rules = CityRules();
  Report report = ViolenceReport();
  report.stream = stream;
  return AcceptReport(rules, {}, Assess(rules, report, kNow), report, core::CaseId("case-1"), kNow);
}

TEST(PublishTest, PutsEachStreamOnTheTopicOfItsPurpose) {
  const auto violence = DraftsOf(Opened(Stream::kViolence), kOccasion);
  const auto schooling = DraftsOf(Opened(Stream::kPmp), kOccasion);
  ASSERT_TRUE(violence && schooling);
  EXPECT_EQ(violence->at(0).topic, "tilts.cases.protection.v1");
  EXPECT_EQ(schooling->at(0).topic, "tilts.cases.pmp.v1");
  EXPECT_EQ(violence->at(0).key, "case-1");
}

TEST(PublishTest, DerivesIdsSoThatTheSameStepHasTheSameId) {
  const Decision opened = Opened(Stream::kViolence);
  const Decision closed =
      CloseCase(opened.after, Outcome::kResolved, {{core::ReportId("r1"), core::InstitutionId("riga-rsd")}}, kNow)
          .value();
  const auto first = DraftsOf(opened, kOccasion);
  const auto again = DraftsOf(opened, {"call-2", "", kNow, "LV-RIX"});
  const auto second = DraftsOf(closed, kOccasion);
  ASSERT_TRUE(first && again && second);
  EXPECT_EQ(first->at(0).event_id, again->at(0).event_id);
  ASSERT_EQ(second->size(), 2u);
  EXPECT_NE(second->at(0).event_id, second->at(1).event_id);
  const auto envelope = events::Decode(second->at(1).value);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->type(), "tilts.cases.v1.ReportOutcome");
  EXPECT_EQ(envelope->sequence(), 3u);
  EXPECT_EQ(envelope->correlation_id(), first->at(0).event_id);
  EXPECT_EQ(envelope->causation_id(), "call-1");
  EXPECT_EQ(envelope->school_year(), "2025/26");
}

TEST(PublishTest, CountsInTheMunicipalityOfResidence) {
  Decision decision = Opened(Stream::kViolence);
  decision.after.facts.residence_municipality = "LV-JUR";
  EXPECT_EQ(events::Decode(DraftsOf(decision, kOccasion)->at(0).value)->municipality(), "LV-JUR");
  decision.after.facts.residence_municipality.clear();
  EXPECT_EQ(events::Decode(DraftsOf(decision, kOccasion)->at(0).value)->municipality(), "LV-RIX");
}

}  // namespace
}  // namespace tilts::case_intake
