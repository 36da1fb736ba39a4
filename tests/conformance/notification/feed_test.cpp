// Each institution's own feed: without gaps, in order, and waited for.
#include <future>
#include <thread>

#include "notification/adapters/feed_store.hpp"
#include "notification/adapters/feed_waiters.hpp"
#include "stand.hpp"

namespace tilts::notification {
namespace {

using namespace std::chrono_literals;

class FeedTest : public Stand {
 protected:
  v1::ReadFeedResponse Read(const std::string& institution, std::uint64_t cursor, std::uint32_t limit = 500) {
    auto read = FeedStore::Read(*database, institution, cursor, limit);
    EXPECT_TRUE(read.has_value()) << read.error().reason;
    return read.value_or(v1::ReadFeedResponse());
  }
};

TEST_F(FeedTest, HasNoGapsWhenManyWriteAtOnce) {
  constexpr int kWriters = 6;
  constexpr int kEach = 25;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    // Both orders of the two feeds' heads, so that writers can meet crosswise.
    writers.emplace_back([&, i] {
      for (int j = 0; j < kEach; ++j) Send(i % 2 == 0 ? "police" : "school", {}, i % 2 == 0 ? "school" : "police");
    });
  }
  for (std::thread& each : writers) each.join();
  for (const std::string institution : {"police", "school"}) {
    const auto feed = Read(institution, 0);
    ASSERT_EQ(feed.items_size(), kWriters * kEach);
    for (int i = 0; i < feed.items_size(); ++i) EXPECT_EQ(feed.items(i).cursor(), static_cast<std::uint64_t>(i) + 1);
    EXPECT_EQ(feed.next_cursor(), static_cast<std::uint64_t>(kWriters * kEach));
  }
}

TEST_F(FeedTest, GivesPagesAfterACursor) {
  for (int i = 0; i < 5; ++i) Send("police");
  const auto first = Read("police", 0, 2);
  EXPECT_EQ(first.items_size(), 2);
  const auto rest = Read("police", first.next_cursor(), 10);
  EXPECT_EQ(rest.items_size(), 3);
  EXPECT_EQ(Read("police", 5).items_size(), 0);
  EXPECT_EQ(Read("police", 5).next_cursor(), 5U);
  EXPECT_EQ(Read("stranger", 0).items_size(), 0);
}

TEST_F(FeedTest, RefusesACursorItNeverGave) {
  Send("police");
  EXPECT_EQ(FeedStore::Read(*database, "police", 2, 10).error().reason, "CURSOR_UNKNOWN");
  EXPECT_EQ(FeedStore::Read(*database, "stranger", 1, 10).error().reason, "CURSOR_UNKNOWN");
}

TEST_F(FeedTest, ShowsOwnMovesWithoutPushingThem) {
  Receiver receiver;
  Register("police", receiver.url());
  auto event = EventFor("police", {}, "school");
  event.set_actor_institution_id("police");
  event.set_move(codes::v1::REFERRAL_MOVE_ACCEPT);
  ASSERT_TRUE(Write(EnvelopeFor("own"), event).has_value());
  const auto feed = Read("police", 0);
  ASSERT_EQ(feed.items_size(), 1);
  EXPECT_TRUE(feed.items(0).own_move());
  EXPECT_FALSE(feed.items(0).pushed());
  EXPECT_TRUE(Deliveries("police").empty());
  EXPECT_TRUE(Read("school", 0).items(0).pushed());
}

TEST_F(FeedTest, WakesAWaiterWhenAnItemComes) {
  FeedWaiters waiters(*database, log);
  waiters.Start();
  std::promise<int> items;
  waiters.Wait("police", 0, FeedWaiters::Clock::now() + 30s, [&] { items.set_value(Read("police", 0).items_size()); });
  auto seen = items.get_future();
  Send("court");
  waiters.Wake();
  EXPECT_EQ(seen.wait_for(0s), std::future_status::timeout);
  Send("police");
  // Without a wake-up: another replica wrote it.
  EXPECT_EQ(seen.get(), 1);
}

TEST_F(FeedTest, EndsAWaitWhenItsTimeIsOverOrTheServiceStops) {
  FeedWaiters waiters(*database, log);
  waiters.Start();
  std::promise<void> timed_out;
  waiters.Wait("police", 0, FeedWaiters::Clock::now() + 10ms, [&] { timed_out.set_value(); });
  timed_out.get_future().get();
  std::promise<void> stopped;
  waiters.Wait("police", 0, FeedWaiters::Clock::now() + 1h, [&] { stopped.set_value(); });
  waiters.Quiesce();
  stopped.get_future().get();
  std::promise<void> late;
  waiters.Wait("police", 0, FeedWaiters::Clock::now() + 1h, [&] { late.set_value(); });
  late.get_future().get();
}

}  // namespace
}  // namespace tilts::notification
