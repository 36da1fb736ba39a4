#include "auth/snapshot_cache.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "snapshots.hpp"

namespace tilts::auth {
namespace {

class SnapshotCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(WriteSnapshotCache(path_, SnapshotBuilder(7).Grant("vendor", "school-1", {"report.write"}).snapshot));
    std::ifstream file(path_, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
  }
  void TearDown() override { std::remove(path_.c_str()); }

  void Put(const std::string& bytes) { std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes; }

  std::string path_ = testing::TempDir() + "tilts_cache_" + std::to_string(::getpid());
  std::string bytes_;
};

TEST_F(SnapshotCacheTest, ComesBackAndIsPrivate) {
  const auto snapshot = ReadSnapshotCache(path_);
  ASSERT_TRUE(snapshot.has_value());
  EXPECT_EQ(snapshot->version(), 7u);
  EXPECT_EQ(snapshot->grants(0).institution_id(), "school-1");
  struct stat facts {};
  ASSERT_EQ(::stat(path_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777u, 0600u);
}

TEST_F(SnapshotCacheTest, ReadsATornFileAsNothing) {
  for (std::size_t length = 0; length < bytes_.size(); ++length) {
    Put(bytes_.substr(0, length));
    EXPECT_FALSE(ReadSnapshotCache(path_).has_value()) << length;
  }
}

TEST_F(SnapshotCacheTest, ReadsAnAlteredFileAsNothing) {
  bytes_.back() = static_cast<char>(bytes_.back() ^ 1);
  Put(bytes_);
  EXPECT_FALSE(ReadSnapshotCache(path_).has_value());
}

TEST_F(SnapshotCacheTest, KeepsTheOldFileWhenTheNewOneCannotBeWritten) {
  const auto status = WriteSnapshotCache("/nonexistent/folder/cache", SnapshotBuilder(8).snapshot);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().reason, "CACHE_WRITE");
  EXPECT_EQ(ReadSnapshotCache(path_)->version(), 7u);
}

TEST_F(SnapshotCacheTest, ReadsAMissingFileAsNothing) {
  EXPECT_FALSE(ReadSnapshotCache("").has_value());
  EXPECT_FALSE(ReadSnapshotCache(path_ + ".missing").has_value());
}

}  // namespace
}  // namespace tilts::auth
