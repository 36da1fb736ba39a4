#include "service/lifecycle.hpp"

#include <gmock/gmock.h>

#include "log/log.hpp"

namespace tilts::service {
namespace {

using ::testing::ElementsAre;

TEST(LifecycleTest, StartsInOrderAndStopsInReverseInTwoPhases) {
  std::vector<std::string> seen;
  Lifecycle lifecycle(log::Silent());
  for (const std::string name : {"a", "b"}) {
    lifecycle.Add({name,
                   [&seen, name]() -> core::Status {
                     seen.push_back("start " + name);
                     return {};
                   },
                   [&seen, name] { seen.push_back("quiesce " + name); },
                   [&seen, name](StopDeadline) { seen.push_back("stop " + name); }});
  }
  ASSERT_TRUE(lifecycle.Start());
  lifecycle.Quiesce();
  lifecycle.Stop(std::chrono::steady_clock::now() + std::chrono::seconds(1));
  EXPECT_THAT(seen, ElementsAre("start a", "start b", "quiesce b", "quiesce a", "stop b", "stop a"));
}

TEST(LifecycleTest, StopsOnlyWhatBeganWhenAStartFails) {
  std::vector<std::string> seen;
  Lifecycle lifecycle(log::Silent());
  lifecycle.Add({"a", {}, {}, [&](StopDeadline) { seen.push_back("stop a"); }});
  lifecycle.Add({"b",
                 [] { return core::Status(core::Fail(core::Errc::kUnavailable, "no")); },
                 {},
                 [&](StopDeadline) { seen.push_back("stop b"); }});
  lifecycle.Add({"c", {}, {}, [&](StopDeadline) { seen.push_back("stop c"); }});
  EXPECT_FALSE(lifecycle.Start());
  lifecycle.Stop(std::chrono::steady_clock::now() + std::chrono::seconds(1));
  EXPECT_THAT(seen, ElementsAre("stop b", "stop a"));
}

}  // namespace
}  // namespace tilts::service
