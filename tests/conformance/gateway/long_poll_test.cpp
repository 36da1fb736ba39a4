#include <atomic>
#include <future>

#include "house.hpp"
#include "testing/wait_for.hpp"

namespace tilts::gateway {
namespace {

using notification::v1::ReadFeedRequest;
using notification::v1::ReadFeedResponse;

// A feed that holds every call that wants to wait until the test lets go.
class LongPollTest : public HouseTest {
 protected:
  void SetUp() override {
    HouseTest::SetUp();
    read_feed_ = [this](const rpc::CallContext&, const ReadFeedRequest& request) {
      longest_wait_ = std::max<unsigned>(longest_wait_, request.wait_seconds());
      if (request.wait_seconds() > 0) {
        ++holding_;
        released_.wait();
      }
      ReadFeedResponse response;
      response.set_next_cursor(request.wait_seconds() > 0 ? 2 : 1);
      return response;
    };
  }

  std::future<Answer> Poll() {
    return std::async(std::launch::async, [this] { return AsSchool("GET", "/v1/feed?cursor=1&wait_seconds=20"); });
  }

  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
  std::atomic<int> holding_ = 0;
  std::atomic<unsigned> longest_wait_ = 0;
};

TEST_F(LongPollTest, DoesNotStopOtherCallsWhileManyWait) {
  std::vector<std::future<Answer>> polls;
  for (int i = 0; i < 2; ++i) polls.push_back(Poll());  // as many as there are waiting places
  ASSERT_TRUE(testing::WaitFor([&] { return holding_ == 2; }, std::chrono::seconds(10)));
  EXPECT_EQ(AsSchool("GET", "/v1/cases/c1").status, 200);
  EXPECT_EQ(front_->at_work(), 0u);  // a poll is no work in hand: the city may still come to rest
  release_.set_value();
  for (auto& poll : polls) EXPECT_EQ(poll.get().Json()["next_cursor"], "2");
}

TEST_F(LongPollTest, AnswersWithoutWaitingWhenAllWaitingPlacesAreTaken) {
  std::vector<std::future<Answer>> polls;
  for (int i = 0; i < 2; ++i) polls.push_back(Poll());
  ASSERT_TRUE(testing::WaitFor([&] { return holding_ == 2; }, std::chrono::seconds(10)));
  std::vector<std::future<Answer>> more;
  for (int i = 0; i < 5; ++i) more.push_back(Poll());
  EXPECT_TRUE(testing::WaitFor(
      [&] {
        int back = 0;
        for (const auto& poll : more)
          back += poll.wait_for(std::chrono::seconds(0)) == std::future_status::ready ? 1 : 0;
        return back == 5;
      },
      std::chrono::seconds(10)));
  release_.set_value();
  for (auto& poll : polls) EXPECT_EQ(poll.get().status, 200);
  for (auto& poll : more) EXPECT_EQ(poll.get().Json()["next_cursor"], "1");
}

TEST_F(LongPollTest, EndsWaitingCallsAtOnceWhenItStops) {
  auto poll = Poll();
  ASSERT_TRUE(testing::WaitFor([&] { return holding_ == 1; }, std::chrono::seconds(10)));
  const auto begin = std::chrono::steady_clock::now();
  front_->Stop(std::chrono::seconds(8));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  const Answer answer = poll.get();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.Reason(), "STOPPING");
  EXPECT_EQ(answer.Header("Retry-After"), "1");
  release_.set_value();
}

TEST_F(LongPollTest, ShortensAWaitThatIsTooLong) {
  FrontOptions options = Options();
  options.limits.long_poll_limit = std::chrono::seconds(3);
  StartFront(options, {}, servers().Redis());
  release_.set_value();
  EXPECT_EQ(Poll().get().status, 200);
  EXPECT_EQ(longest_wait_, 3u);
}

}  // namespace
}  // namespace tilts::gateway
