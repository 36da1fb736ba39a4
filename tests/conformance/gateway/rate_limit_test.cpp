#include <future>

#include "house.hpp"
#include "testing/tcp_gate.hpp"

namespace tilts::gateway {
namespace {

using std::chrono::milliseconds;

TEST_F(HouseTest, AnswersTooManyRequestsWithTheTimeToWait) {
  StartFront(Options(), {.requests_per_second = 1, .burst = 3}, servers().Redis());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(AsSchool("GET", "/v1/cases/c1").status, 200);
  const Answer refused = AsSchool("GET", "/v1/cases/c1");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.Reason(), "RATE_LIMIT");
  EXPECT_EQ(refused.Header("Retry-After"), "1");
  EXPECT_NE(metrics_->Expose().find("tilts_gateway_rate_limited_total 1"), std::string::npos);
}

class RateLimiterTest : public testing::ServerTest {
 protected:
  metrics::Registry metrics_;
  std::string client_ = testing::UniqueName("client");
};

TEST_F(RateLimiterTest, SharesOneBucketAmongReplicasAndNoneAmongClients) {
  redis::Redis first(servers().Redis());
  redis::Redis second(servers().Redis());
  RateLimiter one(first, {.requests_per_second = 1, .burst = 4}, metrics_);
  metrics::Registry other_metrics;
  RateLimiter two(second, {.requests_per_second = 1, .burst = 4}, other_metrics);
  EXPECT_EQ(one.Take(client_), milliseconds(0));
  EXPECT_EQ(two.Take(client_), milliseconds(0));
  EXPECT_EQ(one.Take(client_), milliseconds(0));
  EXPECT_EQ(two.Take(client_), milliseconds(0));
  EXPECT_GT(one.Take(client_), milliseconds(0));
  EXPECT_GT(two.Take(client_), milliseconds(0));
  EXPECT_EQ(one.Take(client_ + "b"), milliseconds(0));
}

TEST_F(RateLimiterTest, NeverGivesMoreThanTheBucketHoldsHoweverManyAsk) {
  redis::Redis redis(servers().Redis());
  RateLimiter limiter(redis, {.requests_per_second = 1, .burst = 20}, metrics_);
  std::vector<std::future<int>> askers;
  for (int i = 0; i < 4; ++i) {
    askers.push_back(std::async(std::launch::async, [&] {
      int passed = 0;
      for (int n = 0; n < 25; ++n) passed += limiter.Take(client_) == milliseconds(0) ? 1 : 0;
      return passed;
    }));
  }
  int passed = 0;
  for (auto& asker : askers) passed += asker.get();
  EXPECT_GE(passed, 20);
  EXPECT_LE(passed, 22);  // a token or two come back while the test runs
}

TEST_F(RateLimiterTest, FillsAgainWithTime) {
  redis::Redis redis(servers().Redis());
  RateLimiter limiter(redis, {.requests_per_second = 200, .burst = 1}, metrics_);
  EXPECT_EQ(limiter.Take(client_), milliseconds(0));
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (limiter.Take(client_) != milliseconds(0) && std::chrono::steady_clock::now() < until) {
  }
  EXPECT_LT(std::chrono::steady_clock::now(), until);
}

TEST_F(RateLimiterTest, LetsEverybodyPassAndCountsWhileRedisIsDown) {
  redis::RedisOptions options = servers().Redis();
  testing::TcpGate gate(options.host, options.port);
  options.host = "127.0.0.1";
  options.port = gate.port();
  redis::Redis redis(options);
  RateLimiter limiter(redis, {.requests_per_second = 1, .burst = 1}, metrics_);
  EXPECT_EQ(limiter.Take(client_), milliseconds(0));
  EXPECT_GT(limiter.Take(client_), milliseconds(0));
  gate.Refuse(true);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.Take(client_), milliseconds(0));
  EXPECT_NE(metrics_.Expose().find("tilts_gateway_rate_unchecked_total 5"), std::string::npos);
}

TEST_F(RateLimiterTest, CostsATimeoutOnceAndNotPerCallWhileRedisHangs) {
  redis::RedisOptions options = servers().Redis();
  testing::TcpGate gate(options.host, options.port);
  options.host = "127.0.0.1";
  options.port = gate.port();
  options.command_limit = milliseconds(300);
  redis::Redis redis(options);
  RateLimiter limiter(redis, {}, metrics_);
  EXPECT_EQ(limiter.Take(client_), milliseconds(0));
  gate.Hold(true);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(limiter.Take(client_), milliseconds(0));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
}

}  // namespace
}  // namespace tilts::gateway
