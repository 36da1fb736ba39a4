#include "rpc/executor.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <latch>
#include <stdexcept>
#include <thread>

#include "metrics/metrics.hpp"

namespace tilts::rpc {
namespace {

using std::chrono::milliseconds;

TEST(ExecutorTest, RunsEveryTaskWhenStoppedWithPatience) {
  metrics::Registry registry;
  std::atomic<int> done = 0;
  Executor executor("test", 3, 1000, registry);
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(executor.Submit([&] { ++done; }).has_value());
  EXPECT_TRUE(executor.Stop(std::chrono::seconds(5)));
  EXPECT_EQ(done, 500);
}

TEST(ExecutorTest, RefusesWhenFullAndWhenStopped) {
  metrics::Registry registry;
  std::promise<void> open_gate;
  std::latch entered(1);
  Executor executor("test", 1, 1, registry);
  ASSERT_TRUE(executor.Submit([&, gate = open_gate.get_future().share()] {
    entered.count_down();
    gate.wait();
  }));
  entered.wait();
  ASSERT_TRUE(executor.Submit([] {}));
  EXPECT_EQ(executor.Submit([] {}).error().code, core::Errc::kOverloaded);
  EXPECT_EQ(executor.running(), 1u);
  open_gate.set_value();
  EXPECT_TRUE(executor.Stop(std::chrono::seconds(5)));
  EXPECT_EQ(executor.Submit([] {}).error().code, core::Errc::kUnavailable);
  EXPECT_THAT(registry.Expose(), ::testing::HasSubstr("tilts_executor_refused_total{executor=\"test\"} 1"));
}

TEST(ExecutorTest, SurvivesWhenATaskThrows) {
  metrics::Registry registry;
  Executor executor("test", 1, 10, registry);
  std::promise<void> after;
  ASSERT_TRUE(executor.Submit([] { throw std::runtime_error("x"); }));
  ASSERT_TRUE(executor.Submit([&] { after.set_value(); }));
  EXPECT_EQ(after.get_future().wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST(ExecutorTest, LeavesStuckThreadBehindWhenPatienceEnds) {
  metrics::Registry registry;
  auto open_gate = std::make_shared<std::promise<void>>();
  std::latch entered(1);
  auto queued_alive = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = queued_alive;
  Executor executor("test", 1, 10, registry);
  ASSERT_TRUE(executor.Submit([&, gate = open_gate->get_future().share()] {
    entered.count_down();
    gate.wait();
  }));
  entered.wait();
  ASSERT_TRUE(executor.Submit([kept = std::move(queued_alive)] {}));
  EXPECT_FALSE(executor.Stop(milliseconds(20)));
  EXPECT_TRUE(watch.expired());  // what was queued is dropped, its captures are gone
  open_gate->set_value();
  while (executor.running() > 0) std::this_thread::yield();
}

}  // namespace
}  // namespace tilts::rpc
