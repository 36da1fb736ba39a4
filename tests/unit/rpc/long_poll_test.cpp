#include "rpc/long_poll.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "testing/wait_for.hpp"

namespace tilts::rpc {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

class LongPollTest : public ::testing::Test {
 protected:
  void Wait(milliseconds patience) {
    poll_.Wait(
        steady_clock::now() + patience, [this] { return ready_.load(); }, [this] { ++answered_; });
  }
  bool Answered(int times) {
    return testing::WaitFor([&] { return answered_ >= times; }, seconds(10));
  }

  std::atomic<bool> ready_ = false;
  std::atomic<int> answered_ = 0;
  LongPoll poll_;
};

TEST_F(LongPollTest, AnswersAtOnceWhatIsReadyAndLaterWhatBecomesReady) {
  Wait(seconds(60));
  Wait(seconds(60));
  EXPECT_EQ(answered_, 0);
  poll_.Wake();
  EXPECT_FALSE(testing::WaitFor([&] { return answered_ > 0; }, milliseconds(50)));
  ready_ = true;
  poll_.Wake();
  EXPECT_TRUE(Answered(2));
  Wait(seconds(60));
  EXPECT_EQ(answered_, 3);
}

TEST_F(LongPollTest, AnswersAtTheEndOfEachWait) {
  Wait(seconds(60));
  Wait(milliseconds(30));
  EXPECT_TRUE(Answered(1));
  EXPECT_EQ(answered_, 1);
}

TEST_F(LongPollTest, AnswersEverybodyOnceWhenItStops) {
  Wait(seconds(60));
  poll_.Stop();
  EXPECT_EQ(answered_, 1);
  Wait(seconds(60));
  EXPECT_EQ(answered_, 2);
}

}  // namespace
}  // namespace tilts::rpc
