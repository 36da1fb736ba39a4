#include "metrics/metrics.hpp"

#include <gmock/gmock.h>

namespace tilts::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(RegistryTest, ExposesValuesWhenProbesAreUsed) {
  Registry registry;
  registry.AddCounter("tilts_events_handled_total", "Handled.", {{"topic", "a"}}).Add(2);
  registry.AddGauge("tilts_outbox_rows", "Waiting.").Set(5);
  registry.AddHistogram("tilts_call_seconds", "Took.", {}, {0.1, 1}).Observe(0.5);
  EXPECT_THAT(registry.faults(), IsEmpty());
  const std::string text = registry.Expose();
  EXPECT_THAT(text, HasSubstr("tilts_events_handled_total{topic=\"a\"} 2"));
  EXPECT_THAT(text, HasSubstr("tilts_outbox_rows 5"));
  EXPECT_THAT(text, HasSubstr("tilts_call_seconds_bucket{le=\"1\"} 1"));
}

TEST(RegistryTest, SharesChildWhenTheSameProbeIsTakenTwice) {
  Registry registry;
  registry.AddCounter("tilts_x_total", "X.", {{"a", "1"}}).Add();
  registry.AddCounter("tilts_x_total", "X.", {{"a", "1"}}).Add();
  registry.AddCounter("tilts_x_total", "X.", {{"a", "2"}}).Add();
  EXPECT_THAT(registry.Expose(), HasSubstr("tilts_x_total{a=\"1\"} 2"));
  EXPECT_THAT(registry.faults(), IsEmpty());
}

TEST(RegistryTest, NotesFaultAndStaysSafeWhenNameIsMisused) {
  Registry registry;
  registry.AddCounter("tilts_x_total", "X.").Add();
  registry.AddGauge("tilts_x_total", "X.").Set(1);                 // _total on a gauge
  registry.AddCounter("tilts_x_total", "X.", {{"a", "1"}}).Add();  // other labels
  registry.AddCounter("other_total", "X.").Add();                  // not ours
  registry.AddCounter("tilts_y", "X.").Add();                      // counter without _total
  registry.AddGauge("tilts_z", "Z.", {{"le", "1"}}).Set(1);        // reserved label
  registry.AddGauge("tilts_w", "W.").Set(1);
  registry.AddHistogram("tilts_w", "W.").Observe(1);  // another kind
  EXPECT_THAT(registry.faults(), SizeIs(6));
  EXPECT_THAT(registry.Expose(), HasSubstr("tilts_x_total 1"));
}

TEST(RegistryTest, ALabelThatLooksLikeAnIdIsAFault) {
  for (const char* value : {"3f2a9c0d1e5b4a67", "0b7c9a52-13de-4f60-8a11-9d2f7c3e5b80", "120305-12345", "case/1234567",
                            "someone@example.org"}) {
    Registry registry;
    registry.AddCounter("tilts_x_total", "X.", {{"object", value}}).Add();
    EXPECT_THAT(registry.faults(), SizeIs(1)) << value;
    EXPECT_THAT(registry.Expose(), Not(HasSubstr(value)));
  }
  Registry registry;
  registry.AddCounter("tilts_y_total", "Y.", {{"rpc", "tilts.referrals.v1.ReferralService/AcceptReferral"}});
  registry.AddCounter("tilts_z_total", "Z.", {{"topic", "tilts.cases.pmp.v1"}});
  EXPECT_THAT(registry.faults(), SizeIs(0));
}

TEST(RegistryTest, ASetThatIsNotClosedIsAFault) {
  Registry registry;
  for (int i = 0; i < 3'000; ++i) registry.AddGauge("tilts_x", "X.", {{"n", std::to_string(i)}});
  EXPECT_FALSE(registry.faults().empty());
}

TEST(RegistryTest, AsksSourceAtScrapeUntilStopped) {
  Registry registry;
  double rows = 1;
  registry.AddGaugeSource("tilts_rows", "Rows.", {{"outbox", "a"}}, [&] { return rows; });
  rows = 7;
  EXPECT_THAT(registry.Expose(), HasSubstr("tilts_rows{outbox=\"a\"} 7"));
  registry.StopGaugeSources();
  EXPECT_THAT(registry.Expose(), Not(HasSubstr("tilts_rows")));
}

TEST(ProbeTest, CountsIntoNothingWhenDefault) {
  Counter().Add();
  Gauge().Set(1);
  Histogram().Observe(1);
  SUCCEED() << "no crash";
}

TEST(ExposerTest, IsAnErrorWhenPortIsTaken) {
  Registry registry;
  const auto first = Exposer::Start("127.0.0.1", 0, registry);
  ASSERT_TRUE(first.has_value()) << first.error().message;
  ASSERT_GT((*first)->port(), 0);
  const auto second = Exposer::Start("127.0.0.1", (*first)->port(), registry);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().reason, "METRICS_PORT");
}

}  // namespace
}  // namespace tilts::metrics
