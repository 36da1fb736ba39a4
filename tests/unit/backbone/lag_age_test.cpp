#include "backbone/lag_age.hpp"

#include <gtest/gtest.h>

namespace tilts::backbone {
namespace {

using std::chrono::seconds;

events::RunnerStatus At(std::int64_t stored, std::int64_t end) {
  events::RunnerStatus status;
  events::PartitionStatus partition;
  partition.at = {"tilts.cases.pmp.v1", 3};
  partition.stored_offset = stored;
  partition.end_offset = end;
  status.partitions.push_back(partition);
  return status;
}

TEST(LagAgeTest, GrowsWhileTheOldestRecordWaits) {
  LagAge age;
  const LagAge::Instant start{};
  EXPECT_EQ(age.Oldest(At(0, 0), start), seconds(0));
  EXPECT_EQ(age.Oldest(At(0, 5), start + seconds(5)), seconds(0));
  EXPECT_EQ(age.Oldest(At(0, 9), start + seconds(10)), seconds(5));
  EXPECT_EQ(age.Oldest(At(4, 9), start + seconds(15)), seconds(10));
}

TEST(LagAgeTest, FollowsTheRecordThatIsNowTheOldest) {
  LagAge age;
  const LagAge::Instant start{};
  age.Oldest(At(0, 5), start);
  age.Oldest(At(0, 9), start + seconds(10));
  EXPECT_EQ(age.Oldest(At(5, 9), start + seconds(15)), seconds(5));
  EXPECT_EQ(age.Oldest(At(9, 9), start + seconds(20)), seconds(0));
}

TEST(LagAgeTest, APartitionNobodyReadsCounts) {
  LagAge age;
  const LagAge::Instant start{};
  events::RunnerStatus status = At(7, 7);
  events::PartitionStatus other = status.partitions.front();
  other.at.partition = 4;
  other.end_offset = 8;
  status.others.push_back(other);
  age.Oldest(status, start);
  EXPECT_EQ(age.Oldest(status, start + seconds(30)), seconds(30));
}

}  // namespace
}  // namespace tilts::backbone
