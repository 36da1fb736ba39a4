#include "backbone/store_probe.hpp"

#include <gtest/gtest.h>

namespace tilts::backbone {
namespace {

using Outcome = events::HandlerProbe::Outcome;
constexpr char kTopic[] = "tilts.cases.pmp.v1";

class FixedClock : public core::MachineClock {
 public:
  core::CityTime Now() const override { return {}; }
};

class CountingProbe : public events::HandlerProbe {
 public:
  void OnRecord(const std::string&, const std::string&, Outcome) override { ++records; }
  int records = 0;
};

TEST(StoreProbeTest, RecordsAreCountedByTypeAndOutcomeAndPassedOn) {
  metrics::Registry registry;
  CountingProbe next;
  ConsumerMetrics probe(registry, log::Silent(), {kTopic}, &next);
  EXPECT_TRUE(registry.faults().empty());
  probe.OnRecord(kTopic, "tilts.cases.v1.CaseOpened", Outcome::kHandled);
  probe.OnRecord(kTopic, "tilts.cases.v1.CaseOpened", Outcome::kHandled);
  probe.OnRecord(kTopic, "", Outcome::kDeadLettered);
  const std::string text = registry.Expose();
  EXPECT_NE(text.find("tilts_events_handled_total{handler=\"tilts.cases.v1.CaseOpened\",outcome=\"handled\","
                      "topic=\"tilts.cases.pmp.v1\"} 2"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("handler=\"unreadable\",outcome=\"dead_lettered\",topic=\"tilts.cases.pmp.v1\"} 1"),
            std::string::npos);
  EXPECT_EQ(next.records, 3);
}

TEST(StoreProbeTest, ATypeOutsideTheContractsMakesNoNewLabel) {
  metrics::Registry registry;
  ConsumerMetrics probe(registry, log::Silent(), {kTopic}, nullptr);
  probe.OnRecord(kTopic, "whatever somebody sent", Outcome::kDeadLettered);
  probe.OnRecord("another.topic", "tilts.cases.v1.CaseOpened", Outcome::kHandled);
  EXPECT_EQ(registry.Expose().find("whatever"), std::string::npos);
}

TEST(StoreProbeTest, AJumpIsCountedOnlyWhereSequencesCountByOne) {
  metrics::Registry registry;
  const std::string sparse = "tilts.risk.v1";
  ConsumerMetrics probe(registry, log::Silent(), {kTopic, sparse}, nullptr);
  probe.OnSequenceGap(kTopic);
  probe.OnSequenceGap(sparse);
  const std::string text = registry.Expose();
  EXPECT_NE(text.find("tilts_events_sequence_gaps_total{topic=\"tilts.cases.pmp.v1\"} 1"), std::string::npos) << text;
  EXPECT_NE(text.find("tilts_events_sequence_gaps_total{topic=\"tilts.risk.v1\"} 0"), std::string::npos) << text;
}

TEST(StoreProbeTest, TheOutboxShowsRowsAndAge) {
  metrics::Registry registry;
  RelayMetrics probe(registry, log::Silent());
  const core::CityTime now = *core::ParseRfc3339("2026-03-02T08:30:10Z");
  probe.ShowOutbox({3, *core::ParseRfc3339("2026-03-02T08:30:00Z")}, now);
  EXPECT_NE(registry.Expose().find("tilts_outbox_rows 3"), std::string::npos);
  EXPECT_NE(registry.Expose().find("tilts_outbox_oldest_seconds 10"), std::string::npos);
  probe.ShowOutbox({0, std::nullopt}, now);
  EXPECT_NE(registry.Expose().find("tilts_outbox_oldest_seconds 0"), std::string::npos);
}

TEST(StoreProbeTest, ABrokerThatStaysDownDoesNotFillTheLog) {
  metrics::Registry registry;
  int lines = 0;
  const FixedClock clock;
  const log::Logger log("test", "0", log::Level::kDebug, clock, [&](std::string_view) { ++lines; });
  RelayMetrics probe(registry, log);
  for (int i = 0; i < 60; ++i) probe.OnFailed({core::Errc::kUnavailable, "down", "PUBLISH_UNCONFIRMED", {}, 0});
  EXPECT_EQ(lines, 2);
}

}  // namespace
}  // namespace tilts::backbone
