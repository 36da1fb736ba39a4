#include "backbone/settings.hpp"

#include <gtest/gtest.h>

namespace tilts::backbone {
namespace {

config::v1::ServiceConfig Config() {
  config::v1::ServiceConfig config;
  config.set_instance("2");
  auto& postgres = *config.mutable_postgres();
  postgres.set_host("db");
  postgres.set_port(5433);
  postgres.set_user("tilts_audit");
  postgres.set_password("word");
  postgres.set_schema("audit");
  postgres.set_pool_size(3);
  postgres.mutable_statement_timeout()->set_seconds(7);
  auto& kafka = *config.mutable_kafka();
  kafka.add_brokers("a:9092");
  kafka.add_brokers("b:9092");
  return config;
}

TEST(SettingsTest, NamesServiceAndInstanceToTheServers) {
  const auto database = DatabaseSettings(Config(), "audit");
  ASSERT_TRUE(database.has_value());
  EXPECT_EQ(database->application_name, "audit-2");
  EXPECT_EQ(database->password, "word");
  EXPECT_EQ(database->connections, 3);
  EXPECT_EQ(database->statement_limit, std::chrono::seconds(7));
  const auto kafka = KafkaSettings(Config(), "audit");
  ASSERT_TRUE(kafka.has_value());
  EXPECT_EQ(kafka->brokers, "a:9092,b:9092");
  EXPECT_EQ(kafka->client_id, "audit-2");
  EXPECT_TRUE(kafka->extra.empty());
}

TEST(SettingsTest, UsesTlsWhenAUserIsNamed) {
  auto config = Config();
  config.mutable_kafka()->set_username("tilts");
  config.mutable_kafka()->set_password("word");
  EXPECT_EQ(KafkaSettings(config, "audit")->extra.at("security.protocol"), "SASL_SSL");
}

TEST(SettingsTest, FailsWhenTheSectionIsAbsent) {
  EXPECT_FALSE(DatabaseSettings({}, "audit").has_value());
  EXPECT_FALSE(KafkaSettings({}, "audit").has_value());
}

}  // namespace
}  // namespace tilts::backbone
