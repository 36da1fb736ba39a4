#include "testing/server_set.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>

#include "kafka/admin.hpp"
#include "postgres/migrator.hpp"

namespace tilts::testing {
namespace {

std::map<std::string, std::string> ReadSettings() {
  std::map<std::string, std::string> settings;
  std::ifstream file(std::string(TILTS_SOURCE_DIR) + "/run/servers.env");
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) settings[line.substr(0, equals)] = line.substr(equals + 1);
  }
  for (const char* name : {"POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_USER", "POSTGRES_PASSWORD_FILE", "KAFKA",
                           "REDIS_HOST", "REDIS_PORT"}) {
    const std::string full = std::string("TILTS_SERVERS_") + name;
    if (const char* value = std::getenv(full.c_str())) settings[full] = value;
  }
  return settings;
}

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

core::Result<ServerSet> ServerSet::Find() {
  std::map<std::string, std::string> settings = ReadSettings();
  ServerSet set;
  set.postgres_host_ = settings["TILTS_SERVERS_POSTGRES_HOST"];
  set.postgres_port_ = std::atoi(settings["TILTS_SERVERS_POSTGRES_PORT"].c_str());
  set.postgres_user_ = settings["TILTS_SERVERS_POSTGRES_USER"];
  set.postgres_password_ = FirstLine(settings["TILTS_SERVERS_POSTGRES_PASSWORD_FILE"]);
  set.kafka_ = settings["TILTS_SERVERS_KAFKA"];
  set.redis_host_ = settings["TILTS_SERVERS_REDIS_HOST"];
  set.redis_port_ = std::atoi(settings["TILTS_SERVERS_REDIS_PORT"].c_str());
  if (set.postgres_port_ == 0 || set.kafka_.empty() || set.redis_port_ == 0) {
    return core::Fail(core::Errc::kUnavailable,
                      "this test needs the real servers: run scripts/servers start (or scripts/test)", "SERVERS");
  }
  return set;
}

postgres::DatabaseOptions ServerSet::Postgres(const std::string& schema) const {
  postgres::DatabaseOptions options;
  options.host = postgres_host_;
  options.port = postgres_port_;
  options.database = "postgres";
  options.user = postgres_user_;
  options.password = postgres_password_;
  options.schema = schema;
  options.application_name = schema;
  return options;
}

kafka::KafkaOptions ServerSet::Kafka(const std::string& client_id) const {
  kafka::KafkaOptions options;
  options.brokers = kafka_;
  options.client_id = client_id;
  options.session_timeout = std::chrono::milliseconds(6'000);
  options.publish_limit = std::chrono::milliseconds(10'000);
  return options;
}

redis::RedisOptions ServerSet::Redis() const {
  redis::RedisOptions options;
  options.host = redis_host_;
  options.port = redis_port_;
  return options;
}

std::string UniqueName(const std::string& stem) {
  static std::atomic<int> count = 0;
  const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count() % 1'000'000'000;
  return stem + std::to_string(getpid()) + "x" + std::to_string(ticks) + "x" + std::to_string(++count);
}

void ServerTest::SetUp() {
  auto found = ServerSet::Find();
  ASSERT_TRUE(found.has_value()) << found.error().message;
  servers_ = std::make_unique<ServerSet>(*found);
  space_ = UniqueName("t");
}

void ServerTest::TearDown() {
  if (!servers_) return;
  if (!schemas_.empty()) {
    postgres::Database database(servers_->Postgres(""));
    for (const std::string& schema : schemas_) {
      static_cast<void>(database.Query("DROP SCHEMA IF EXISTS " + schema + " CASCADE"));
    }
  }
  if (!topics_.empty()) {
    if (auto admin = kafka::Admin::Create(servers_->Kafka(space_))) {
      static_cast<void>((*admin)->DeleteTopics(topics_));
    }
  }
}

postgres::DatabaseOptions ServerTest::FreshSchema(const std::string& stem) {
  const std::string schema = space_ + "_" + stem;
  schemas_.push_back(schema);
  postgres::DatabaseOptions options = servers_->Postgres(schema);
  postgres::Database database(options);
  const auto migrated = postgres::Migrate(database, {});
  EXPECT_TRUE(migrated.has_value()) << migrated.error().message << " " << migrated.error().reason;
  return options;
}

std::string ServerTest::FreshTopic(const std::string& stem, int partitions) {
  const std::string name = space_ + "." + stem;
  EnsureTopic(name, partitions);
  return name;
}

void ServerTest::EnsureTopic(const std::string& name, int partitions) {
  auto admin = kafka::Admin::Create(servers_->Kafka(space_));
  ASSERT_TRUE(admin.has_value()) << admin.error().message;
  const auto made = (*admin)->EnsureTopics({{name, partitions, 1, false, false}});
  ASSERT_TRUE(made.has_value()) << made.error().message;
  topics_.push_back(name);
}

}  // namespace tilts::testing
