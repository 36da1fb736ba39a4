#include "events/catalogue.hpp"

#include <gtest/gtest.h>
#include <tilts/events/v1/envelope.pb.h>

#include "sample_event.hpp"

namespace tilts::events {
namespace {

TEST(CatalogueTest, ReadsEveryTopicOfTheContracts) {
  const auto catalogue = Catalogue::FromLinkedContracts();
  ASSERT_TRUE(catalogue.has_value());
  EXPECT_EQ(catalogue->topics().size(), static_cast<std::size_t>(v1::Topic_descriptor()->value_count() - 1));
  const Topic* learning = catalogue->FindTopic("tilts.learning.v1");
  ASSERT_NE(learning, nullptr);
  EXPECT_EQ(learning->partitions, 24);
  EXPECT_EQ(learning->retention_days, 730u);
  EXPECT_FALSE(learning->cloud_events_headers);
  EXPECT_TRUE(catalogue->FindTopic("tilts.pupil-years.v1")->compacted);
}

TEST(CatalogueTest, PurposeChoosesAmongSeveralTopics) {
  const Catalogue& catalogue = Catalogue::BuiltIn();
  EXPECT_EQ((*catalogue.TopicOf("tilts.cases.v1.CaseOpened", codes::v1::PURPOSE_PMP))->name, "tilts.cases.pmp.v1");
  EXPECT_EQ((*catalogue.TopicOf("tilts.cases.v1.CaseOpened", codes::v1::PURPOSE_PROTECTION))->name,
            "tilts.cases.protection.v1");
  const auto undecided = catalogue.TopicOf("tilts.cases.v1.CaseOpened", codes::v1::PURPOSE_UNSPECIFIED);
  ASSERT_FALSE(undecided.has_value());
  EXPECT_EQ(undecided.error().reason, "EVENT_PURPOSE");
}

TEST(CatalogueTest, RefusesWhatIsNoEvent) {
  const auto topic = Catalogue::BuiltIn().TopicOf("tilts.cases.v1.CaseFacts", codes::v1::PURPOSE_PMP);
  ASSERT_FALSE(topic.has_value());
  EXPECT_EQ(topic.error().reason, "EVENT_TYPE_UNKNOWN");
  EXPECT_FALSE(Catalogue::BuiltIn().KnowsEvent("tilts.cases.v1.CaseFacts"));
}

TEST(CatalogueTest, KeyIsTheContractsKeyField) {
  EXPECT_EQ(*Catalogue::BuiltIn().KeyOf(SampleEvent()), "case-1");
  const auto missing = Catalogue::BuiltIn().KeyOf(cases::v1::CaseOpened());
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().reason, "EVENT_KEY");
}

TEST(CatalogueTest, EveryEventOfTheContractsHasATopic) {
  for (const std::string& type : Catalogue::BuiltIn().event_types()) {
    EXPECT_FALSE(Catalogue::BuiltIn().TopicsOf(type).empty()) << type;
  }
}

TEST(CatalogueTest, ListsTopicsAsSortedJson) {
  const std::string json = Catalogue::BuiltIn().TopicsAsJson();
  const auto audit =
      json.find(R"({"name": "tilts.audit.v1", "partitions": 24, "retention_days": 0, "compacted": false})");
  EXPECT_NE(audit, std::string::npos) << json;
  EXPECT_LT(audit, json.find("tilts.support.v1"));
}

TEST(CatalogueTest, DeadLetterTopicNamesTopicAndGroup) {
  EXPECT_EQ(DeadLetterTopic("tilts.learning.v1", "risk-scoring"), "tilts.learning.v1.dlq.risk-scoring");
}

}  // namespace
}  // namespace tilts::events
