#include <gtest/gtest.h>

#include "notification/adapters/dispatcher.hpp"

namespace tilts::notification {
namespace {

TEST(JitterTest, SpreadsOverItsRangeAndRepeatsItself) {
  double lowest = 1;
  double highest = -1;
  double sum = 0;
  constexpr int kSamples = 1000;
  for (int i = 0; i < kSamples; ++i) {
    const double jitter = DerivedJitter("delivery-" + std::to_string(i), 1);
    EXPECT_EQ(jitter, DerivedJitter("delivery-" + std::to_string(i), 1));
    lowest = std::min(lowest, jitter);
    highest = std::max(highest, jitter);
    sum += jitter;
  }
  EXPECT_GE(lowest, -1);
  EXPECT_LT(lowest, -0.95);
  EXPECT_LE(highest, 1);
  EXPECT_GT(highest, 0.95);
  EXPECT_NEAR(sum / kSamples, 0, 0.1);
  EXPECT_NE(DerivedJitter("delivery-1", 1), DerivedJitter("delivery-1", 2));
}

}  // namespace
}  // namespace tilts::notification
