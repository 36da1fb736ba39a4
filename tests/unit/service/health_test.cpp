#include "service/health.hpp"

#include <gmock/gmock.h>

namespace tilts::service {
namespace {

using ::testing::ElementsAre;

TEST(HealthTest, IsReadyOnlyWhenEveryConditionHolds) {
  Health health;
  const auto store = health.AddCondition("store");
  const auto broker = health.AddCondition("broker");
  std::vector<bool> heard;
  health.OnChange([&](bool ready) { heard.push_back(ready); });
  store(true);
  EXPECT_FALSE(health.ready());
  EXPECT_THAT(health.unmet(), ElementsAre("broker"));
  broker(true);
  EXPECT_TRUE(health.ready());
  store(false);
  store(true);
  EXPECT_THAT(heard, ElementsAre(false, true, false, true));
}

TEST(HealthTest, IsNeverReadyAgainWhenStopping) {
  Health health;
  const auto store = health.AddCondition("store");
  store(true);
  ASSERT_TRUE(health.ready());
  health.StartStopping();
  store(true);
  EXPECT_FALSE(health.ready());
}

}  // namespace
}  // namespace tilts::service
