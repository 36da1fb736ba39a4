#include "postgres/migrator.hpp"

#include <thread>

#include "sample.hpp"

namespace tilts::postgres {
namespace {

class MigratorTest : public testing::ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    if (HasFatalFailure()) return;
    database_ = std::make_unique<Database>(FreshSchema());
  }
  std::unique_ptr<Database> database_;
};

TEST_F(MigratorTest, AppliesEachMigrationOnce) {
  const std::vector<Migration> migrations = {{"0001_a.sql", "CREATE TABLE a (id text); CREATE TABLE b (id text);"}};
  EXPECT_EQ(*Migrate(*database_, migrations), std::vector<std::string>{"0001_a.sql"});
  EXPECT_EQ(*Migrate(*database_, migrations), std::vector<std::string>{});
  EXPECT_EQ(CountOf(*database_, "SELECT count(*) FROM b"), 0);
}

TEST_F(MigratorTest, RefusesAFileThatWasChangedAfterwards) {
  ASSERT_TRUE(Migrate(*database_, {{"0001_a.sql", "CREATE TABLE a (id text)"}}).has_value());
  const auto changed = Migrate(*database_, {{"0001_a.sql", "CREATE TABLE a (id text, more text)"}});
  ASSERT_FALSE(changed.has_value());
  EXPECT_EQ(changed.error().reason, "MIGRATION_CHANGED");
}

TEST_F(MigratorTest, AFailedMigrationLeavesNothingBehind) {
  const auto failed = Migrate(*database_, {{"0001_a.sql", "CREATE TABLE a (id text); SELECT nonsense;"}});
  ASSERT_FALSE(failed.has_value());
  EXPECT_NE(failed.error().message.find("0001_a.sql"), std::string::npos);
  EXPECT_TRUE(Migrate(*database_, {{"0001_a.sql", "CREATE TABLE a (id text)"}}).has_value());
}

TEST_F(MigratorTest, AnOlderProgramRunsOnANewerSchema) {
  ASSERT_TRUE(Migrate(*database_, {{"0001_a.sql", "CREATE TABLE a (id text)"}, {"0002_b.sql", "SELECT 1"}}));
  EXPECT_TRUE(Migrate(*database_, {{"0001_a.sql", "CREATE TABLE a (id text)"}}).has_value());
}

TEST_F(MigratorTest, InstancesThatStartTogetherApplyItOnce) {
  const std::vector<Migration> migrations = {{"0001_a.sql", "CREATE TABLE a (id text)"}};
  std::atomic<std::size_t> applied = 0;
  std::vector<std::thread> instances;
  for (int i = 0; i < 4; ++i) {
    instances.emplace_back([&] {
      const auto names = Migrate(*database_, migrations);
      EXPECT_TRUE(names.has_value());
      applied += names ? names->size() : 0;
    });
  }
  for (auto& instance : instances) instance.join();
  EXPECT_EQ(applied, 1u);
}

}  // namespace
}  // namespace tilts::postgres
