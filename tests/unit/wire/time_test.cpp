#include "wire/time.hpp"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <gtest/gtest.h>

namespace tilts::wire {
namespace {

using std::chrono::microseconds;

TEST(TimeTest, ComesBackAlsoBeforeTheEpoch) {
  for (const std::int64_t micros : {0LL, 1LL, -1LL, 1772433000123456LL, -62135596800000000LL}) {
    const core::CityTime time{microseconds(micros)};
    const auto timestamp = ToTimestamp(time);
    EXPECT_GE(timestamp.nanos(), 0);
    EXPECT_EQ(*FromTimestamp(timestamp), time);
  }
}

TEST(TimeTest, RefusesWhatIsOutsideTheRange) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(253402300800);
  EXPECT_FALSE(FromTimestamp(timestamp));
  timestamp.set_seconds(0);
  timestamp.set_nanos(-1);
  EXPECT_FALSE(FromTimestamp(timestamp));
  timestamp.set_nanos(1'000'000'000);
  EXPECT_FALSE(FromTimestamp(timestamp));
}

TEST(TimeTest, CutsBelowAMicrosecond) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_nanos(1999);
  EXPECT_EQ(FromTimestamp(timestamp)->time_since_epoch(), microseconds(1));
}

TEST(TimeTest, ConvertsDurationsBothWays) {
  for (const std::int64_t micros : {0LL, 250'000LL, -250'000LL, 90'000'001LL}) {
    EXPECT_EQ(FromDuration(ToDuration(microseconds(micros)))->count(), micros);
  }
  google::protobuf::Duration odd;
  odd.set_seconds(1);
  odd.set_nanos(-1);
  EXPECT_FALSE(FromDuration(odd));
}

}  // namespace
}  // namespace tilts::wire
