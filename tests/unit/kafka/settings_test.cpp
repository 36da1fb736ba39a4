#include <gtest/gtest.h>

#include "kafka/admin.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"

namespace tilts::kafka {
namespace {

KafkaOptions Options() {
  KafkaOptions options;
  options.brokers = "127.0.0.1:1";
  options.client_id = "test-0";
  options.publish_limit = std::chrono::milliseconds(200);
  return options;
}

// Each builds a real client configuration: a setting this version does not know would fail here.
TEST(KafkaSettingsTest, ThisVersionKnowsEverySettingWeMake) {
  EXPECT_TRUE(Producer::Create(Options()).has_value());
  EXPECT_TRUE(Consumer::Create(Options(), {"group", "group-0", {"topic"}}).has_value());
  EXPECT_TRUE(Admin::Create(Options()).has_value());
}

TEST(KafkaSettingsTest, ExtraSettingsReachTheClient) {
  KafkaOptions options = Options();
  options.extra = {{"security.protocol", "plaintext"}};
  EXPECT_TRUE(Producer::Create(options).has_value());
  options.extra = {{"group.protocol", "consumer"}};  // of a later version
  const auto producer = Producer::Create(options);
  ASSERT_FALSE(producer.has_value());
  EXPECT_EQ(producer.error().code, core::Errc::kInvalid);
}

TEST(KafkaSettingsTest, WhatKeepsThePromisesCannotBeChanged) {
  for (const char* name : {"acks", "enable.idempotence", "partitioner", "message.timeout.ms"}) {
    KafkaOptions options = Options();
    options.extra = {{name, "1"}};
    EXPECT_FALSE(Producer::Create(options).has_value()) << name;
  }
  for (const char* name : {"auto.offset.reset", "enable.auto.commit", "partition.assignment.strategy"}) {
    KafkaOptions options = Options();
    options.extra = {{name, "true"}};
    EXPECT_FALSE(Consumer::Create(options, {"group", "", {"topic"}}).has_value()) << name;
  }
}

TEST(KafkaSettingsTest, DeadLetterTopicsHaveOnePartition) {
  const auto topics = DeadLetterTopics("audit", {"tilts.audit.v1", "tilts.risk.v1"});
  ASSERT_EQ(topics.size(), 2u);
  EXPECT_EQ(topics[0].name, "tilts.audit.v1.dlq.audit");
  EXPECT_EQ(topics[0].partitions, 1);
}

}  // namespace
}  // namespace tilts::kafka
