#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "events/catalogue.hpp"
#include "kafka/kafka_options.hpp"
#include "postgres/database.hpp"
#include "redis/redis.hpp"

namespace tilts::testing {

// Where the real servers are: TILTS_SERVERS_* of the environment, else run/servers.env of the source tree.
class ServerSet {
 public:
  // Says how to start them when they are not there.
  static core::Result<ServerSet> Find();

  postgres::DatabaseOptions Postgres(const std::string& schema) const;
  kafka::KafkaOptions Kafka(const std::string& client_id) const;
  redis::RedisOptions Redis() const;

 private:
  std::string postgres_host_;
  int postgres_port_ = 0;
  std::string postgres_user_;
  std::string postgres_password_;
  std::string kafka_;
  std::string redis_host_;
  int redis_port_ = 0;
};

// A name no other test run uses: lower-case letters and digits.
std::string UniqueName(const std::string& stem);

// Base of tests against real servers. Absent servers fail the test; they never skip it. Each test has its own schema,
// topics and key prefix, removed at its end.
class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  const ServerSet& servers() const { return *servers_; }
  const std::string& space() const { return space_; }

  // Options for a fresh, migrated schema of this test; `stem` tells several apart.
  postgres::DatabaseOptions FreshSchema(const std::string& stem = "s");
  // Creates a topic of this test and returns its name.
  std::string FreshTopic(const std::string& stem, int partitions);
  // A topic with exactly this name below the test's own prefix (dead letters of a fresh topic).
  void EnsureTopic(const std::string& name, int partitions);

 private:
  std::unique_ptr<ServerSet> servers_;
  std::string space_;
  std::vector<std::string> schemas_;
  std::vector<std::string> topics_;
};

}  // namespace tilts::testing
