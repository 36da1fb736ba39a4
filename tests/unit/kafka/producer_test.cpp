#include "kafka/producer.hpp"

#include <gtest/gtest.h>

namespace tilts::kafka {
namespace {

events::OutgoingRecord Record(std::string value) {
  return {"topic", "key", std::nullopt, "id", std::move(value), {}};
}

TEST(ProducerTest, AnUnconfirmedBatchIsAnErrorAndEndsTheProducer) {
  KafkaOptions options;
  options.brokers = "127.0.0.1:1";
  options.client_id = "test-0";
  options.publish_limit = std::chrono::milliseconds(100);
  const auto producer = Producer::Create(options);
  ASSERT_TRUE(producer.has_value());
  for (int i = 0; i < 2; ++i) {
    const auto published = (*producer)->Publish(std::vector{Record("value")});
    ASSERT_FALSE(published.has_value());
    EXPECT_EQ(published.error().code, core::Errc::kUnavailable);
    EXPECT_EQ(published.error().reason, "PUBLISH_UNCONFIRMED");
  }
  EXPECT_EQ((*producer)->statistics().failed, 2u);
  EXPECT_EQ((*producer)->statistics().recreated, 1u);
}

TEST(ProducerTest, RefusesARecordThatNoBrokerWouldTake) {
  KafkaOptions options;
  options.brokers = "127.0.0.1:1";
  const auto producer = Producer::Create(options);
  ASSERT_TRUE(producer.has_value());
  const auto published = (*producer)->Publish(std::vector{Record(std::string(events::kMaxRecordBytes + 1, 'x'))});
  ASSERT_FALSE(published.has_value());
  EXPECT_EQ(published.error().reason, "RECORD_TOO_LARGE");
}

// librdkafka's own mock broker: enough for the plain path.
TEST(ProducerTest, ReturnsAfterTheBrokersReports) {
  KafkaOptions options;
  options.client_id = "test-0";
  options.brokers = "ignored:1";
  options.extra = {{"test.mock.num.brokers", "1"}};
  options.publish_limit = std::chrono::milliseconds(10'000);
  const auto producer = Producer::Create(options);
  ASSERT_TRUE(producer.has_value());
  const std::vector records(50, Record("value"));
  const auto published = (*producer)->Publish(records);
  EXPECT_TRUE(published.has_value()) << published.error().message;
  EXPECT_EQ((*producer)->statistics().acknowledged, 50u);
}

}  // namespace
}  // namespace tilts::kafka
