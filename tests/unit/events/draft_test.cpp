#include "events/draft.hpp"

#include <gtest/gtest.h>
#include <tilts/events/v1/envelope.pb.h>

#include "events/envelope_codec.hpp"
#include "sample_event.hpp"

namespace tilts::events {
namespace {

std::string HeaderOf(const Draft& draft, const std::string& name) {
  for (const Header& header : draft.headers) {
    if (header.name == name) return header.value;
  }
  return "<none>";
}

TEST(DraftTest, WrapsTheEventAndFindsTopicAndKey) {
  const auto draft = MakeDraft(SampleEvent(), SampleMeta());
  ASSERT_TRUE(draft.has_value()) << draft.error().message;
  EXPECT_EQ(draft->topic, "tilts.cases.protection.v1");
  EXPECT_EQ(draft->key, "case-1");
  EXPECT_EQ(draft->event_id, "event-1");
  EXPECT_FALSE(draft->partition.has_value());
  const auto envelope = Decode(draft->value);
  ASSERT_TRUE(envelope.has_value());
  EXPECT_EQ(envelope->type(), "tilts.cases.v1.CaseOpened");
  EXPECT_EQ(envelope->correlation_id(), "event-1") << "an event without a chain starts one";
  cases::v1::CaseOpened event;
  ASSERT_TRUE(DecodeEventInto(*envelope, event).has_value());
  EXPECT_EQ(event.report_id(), "report-1");
}

TEST(DraftTest, CarriesCloudEventsHeadersOnTopicsOfDecisions) {
  Meta meta = SampleMeta();
  meta.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const auto draft = MakeDraft(SampleEvent(), meta);
  ASSERT_TRUE(draft.has_value());
  EXPECT_EQ(HeaderOf(*draft, "ce_specversion"), "1.0");
  EXPECT_EQ(HeaderOf(*draft, "ce_id"), "event-1");
  EXPECT_EQ(HeaderOf(*draft, "ce_type"), "tilts.cases.v1.CaseOpened");
  EXPECT_EQ(HeaderOf(*draft, "ce_time"), "2026-03-02T08:30:00.250Z");
  EXPECT_EQ(HeaderOf(*draft, "traceparent"), meta.traceparent);
}

TEST(DraftTest, RefusesIncompleteMeta) {
  for (const auto& [field, spoil] : std::vector<std::pair<std::string, void (*)(Meta&)>>{
           {"id", [](Meta& meta) { meta.id.clear(); }},
           {"source", [](Meta& meta) { meta.source.clear(); }},
           {"subject", [](Meta& meta) { meta.subject.clear(); }},
           {"recorded_at", [](Meta& meta) { meta.recorded_at = {}; }}}) {
    Meta meta = SampleMeta();
    spoil(meta);
    const auto draft = MakeDraft(SampleEvent(), meta);
    ASSERT_FALSE(draft.has_value()) << field;
    EXPECT_EQ(draft.error().code, core::Errc::kInvalid);
    ASSERT_EQ(draft.error().violations.size(), 1u);
    EXPECT_EQ(draft.error().violations.front().field, field);
  }
}

TEST(DraftTest, RefusesTextThatAConsumerCouldNotParse) {
  auto event = SampleEvent();
  event.set_report_id("\xff\xfe");
  EXPECT_FALSE(MakeDraft(event, SampleMeta()).has_value());
}

TEST(DraftTest, RefusesAnEventTooLargeForARecord) {
  auto event = SampleEvent();
  event.set_report_id(std::string(kMaxRecordBytes, 'x'));
  const auto draft = MakeDraft(event, SampleMeta());
  ASSERT_FALSE(draft.has_value());
  EXPECT_EQ(draft.error().reason, "RECORD_TOO_LARGE");
}

TEST(DraftTest, BroadcastReachesEveryPartitionWithOneId) {
  const auto drafts = MakeBroadcast(SampleEvent(), SampleMeta(), "tilts.cases.pmp.v1");
  ASSERT_TRUE(drafts.has_value());
  ASSERT_EQ(drafts->size(), 24u);
  for (std::size_t i = 0; i < drafts->size(); ++i) {
    EXPECT_EQ((*drafts)[i].partition, static_cast<std::int32_t>(i));
    EXPECT_EQ((*drafts)[i].event_id, "event-1");
  }
  EXPECT_FALSE(MakeBroadcast(SampleEvent(), SampleMeta(), "tilts.audit.v1").has_value());
}

TEST(DerivedIdTest, DependsOnCauseRuleAndIndex) {
  const std::string id = DerivedId("cause", "rule@1", 0);
  EXPECT_EQ(id.size(), 32u);
  EXPECT_EQ(id, DerivedId("cause", "rule@1", 0));
  EXPECT_NE(id, DerivedId("cause", "rule@1", 1));
  EXPECT_NE(id, DerivedId("cause", "rule@2", 0));
  EXPECT_NE(DerivedId("ab", "c", 0), DerivedId("a", "bc", 0));
}

}  // namespace
}  // namespace tilts::events
