#include "house.hpp"

namespace tilts::gateway {
namespace {

TEST_F(HouseTest, ShowsOperatorsWhatEveryServiceSaysAboutItself) {
  const Answer answer = AsOperator("GET", "/v1/status");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto report = answer.Json();
  EXPECT_EQ(report["ready"], true);
  EXPECT_EQ(report["at_rest"], true);
  ASSERT_EQ(report["services"].size(), 2u);
  EXPECT_EQ(report["services"][0]["service"], "case-intake");
  EXPECT_EQ(report["services"][0]["reachable"], true);
  EXPECT_EQ(report["services"][0]["version"], "gateway");  // asked by the gateway for itself
  EXPECT_EQ(report["services"][1]["service"], "notification");
}

TEST_F(HouseTest, NamesAServiceThatDoesNotAnswer) {
  notification_->Stop();
  const auto report = AsOperator("GET", "/v1/status").Json();
  EXPECT_EQ(report["ready"], false);
  EXPECT_EQ(report["at_rest"], false);
  EXPECT_EQ(report["services"][0]["reachable"], true);
  EXPECT_EQ(report["services"][1]["reachable"], false);
  EXPECT_EQ(report["services"][1]["problem"], "UNAVAILABLE");
}

}  // namespace
}  // namespace tilts::gateway
