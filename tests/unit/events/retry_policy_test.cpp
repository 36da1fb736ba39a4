#include "events/retry_policy.hpp"

#include <gtest/gtest.h>

namespace tilts::events {
namespace {

using core::Errc;
using std::chrono::milliseconds;

TEST(RetryPolicyTest, WaitsGrowToTheLongest) {
  RetryPolicy policy;
  policy.first_wait = milliseconds(50);
  policy.longest_wait = milliseconds(300);
  EXPECT_EQ(policy.WaitBefore(2), milliseconds(50));
  EXPECT_EQ(policy.WaitBefore(3), milliseconds(100));
  EXPECT_EQ(policy.WaitBefore(4), milliseconds(200));
  EXPECT_EQ(policy.WaitBefore(5), milliseconds(300));
  EXPECT_EQ(policy.WaitBefore(500), milliseconds(300));
}

TEST(RetryPolicyTest, WhatCanNeverWorkIsNotTriedAgain) {
  for (const Errc code : {Errc::kInvalid, Errc::kNotFound, Errc::kRefused, Errc::kDenied, Errc::kCorrupt,
                          Errc::kInternal, Errc::kAlreadyExists, Errc::kUnauthenticated}) {
    EXPECT_EQ(ToDisposition(code), Disposition::kDeadLetter);
    EXPECT_TRUE(AttemptCounter().Exhausted(7, code, {}));
  }
}

TEST(RetryPolicyTest, AMissingPartIsWaitedForWithoutEnd) {
  AttemptCounter counter;
  for (int i = 0; i < 1'000; ++i) EXPECT_FALSE(counter.Exhausted(7, Errc::kUnavailable, {}));
}

TEST(RetryPolicyTest, ALostRaceIsTriedAFewTimesPerRecord) {
  RetryPolicy policy;
  policy.bounded_attempts = 3;
  AttemptCounter counter;
  EXPECT_FALSE(counter.Exhausted(7, Errc::kConflict, policy));
  EXPECT_FALSE(counter.Exhausted(7, Errc::kConflict, policy));
  EXPECT_TRUE(counter.Exhausted(7, Errc::kConflict, policy));
  EXPECT_EQ(counter.attempts(), 3);
  EXPECT_FALSE(counter.Exhausted(8, Errc::kTimeout, policy)) << "another record starts anew";
}

}  // namespace
}  // namespace tilts::events
