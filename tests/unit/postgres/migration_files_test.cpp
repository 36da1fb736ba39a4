#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "postgres/migrator.hpp"

namespace tilts::postgres {
namespace {

class MigrationFilesTest : public ::testing::Test {
 protected:
  MigrationFilesTest()
      : folder_(std::filesystem::path(::testing::TempDir()) /
                ("migrations_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~MigrationFilesTest() override { std::filesystem::remove_all(folder_); }
  void Write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
  std::string Reason() {
    const auto read = ReadMigrations(folder_.string());
    return read ? "" : read.error().reason;
  }
  const std::filesystem::path folder_;
};

TEST_F(MigrationFilesTest, ReadsInOrderOfNumbers) {
  Write("0002_b.sql", "two");
  Write("0001_a.sql", "one");
  const auto read = ReadMigrations(folder_.string());
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].name, "0001_a.sql");
  EXPECT_EQ((*read)[1].sql, "two");
}

TEST_F(MigrationFilesTest, RefusesGapsDoublesAndOtherNames) {
  Write("0002_b.sql", "");
  EXPECT_EQ(Reason(), "MIGRATION_GAP");
  Write("0001_a.sql", "");
  EXPECT_EQ(Reason(), "");
  Write("0002_c.sql", "");
  EXPECT_EQ(Reason(), "MIGRATION_NAME");
  std::filesystem::remove(folder_ / "0002_c.sql");
  Write("notes.txt", "");
  EXPECT_EQ(Reason(), "MIGRATION_NAME");
}

TEST_F(MigrationFilesTest, AMissingFolderIsAnError) {
  std::filesystem::remove_all(folder_);
  EXPECT_EQ(Reason(), "MIGRATION_FOLDER");
}

}  // namespace
}  // namespace tilts::postgres
