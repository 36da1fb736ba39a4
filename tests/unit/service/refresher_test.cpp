#include "service/refresher.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "testing/wait_for.hpp"

namespace tilts::service {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using tilts::testing::WaitFor;

// A source that stays away for its first `failures` answers.
class Source {
 public:
  explicit Source(int failures) : failures_(failures) {}
  core::Status Answer() {
    if (++asked_ <= failures_) return core::Fail(core::Errc::kUnavailable, "away");
    return {};
  }
  int asked() const { return asked_; }

 private:
  const int failures_;
  std::atomic<int> asked_ = 0;
};

TEST(RefresherTest, TriesQuicklyUntilTheFirstSuccessAndOnlyThenIsReady) {
  Source source(3);
  std::atomic<int> ready_after = 0;
  // With whole intervals between its tries this would take hours.
  Refresher refresher({1h, 1ms, 1h}, [&] { return source.Answer(); });
  refresher.OnReady([&] { ready_after = source.asked(); });
  refresher.Start(false);
  ASSERT_TRUE(WaitFor([&] { return ready_after > 0; }, 10s));
  EXPECT_EQ(ready_after, 4);
  refresher.Stop();
  EXPECT_EQ(source.asked(), 4);
}

TEST(RefresherTest, IsReadyWhenTheGraceIsOverAndNotBefore) {
  Source source(1'000'000);
  std::atomic<bool> ready = false;
  const auto began = steady_clock::now();
  Refresher refresher({1h, 1ms, 100ms}, [&] { return source.Answer(); });
  refresher.OnReady([&] { ready = true; });
  refresher.Start(false);
  ASSERT_TRUE(WaitFor([&] { return ready.load(); }, 10s));
  EXPECT_GE(steady_clock::now() - began, 100ms);
  const int asked = source.asked();
  EXPECT_TRUE(WaitFor([&] { return source.asked() > asked; }, 10s)) << "it must go on asking";
}

TEST(RefresherTest, IsReadyAtOnceWithWhatWasKnownBefore) {
  Source source(1'000'000);
  std::atomic<int> told = 0;
  Refresher refresher({1h, 1ms, 1h}, [&] { return source.Answer(); });
  refresher.OnReady([&] { ++told; });
  refresher.Start(true);
  ASSERT_TRUE(WaitFor([&] { return source.asked() > 3; }, 10s));
  EXPECT_EQ(told, 1);
}

TEST(RefresherTest, StopsAtOnceInTheMiddleOfAnInterval) {
  Source source(0);
  Refresher refresher({1h, 1ms, 1h}, [&] { return source.Answer(); });
  refresher.Start(false);
  ASSERT_TRUE(WaitFor([&] { return source.asked() == 1; }, 10s));
  refresher.Stop();
  EXPECT_EQ(source.asked(), 1);
}

}  // namespace
}  // namespace tilts::service
