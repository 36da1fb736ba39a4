#include "notification/domain/retry.hpp"

#include <gtest/gtest.h>

#include "notification/app/retry_file.hpp"

namespace tilts::notification::domain {
namespace {

using std::chrono::seconds;
using Next = Decision::Next;

const core::CityTime kNow = core::ParseRfc3339("2026-03-02T08:30:00Z").value();

RetryPolicy Policy() {
  return {"test",
          {{seconds(10), seconds(100)}, seconds(500)},
          {{seconds(5), seconds(60), seconds(120)}, seconds(60)},
          0.2,
          seconds(30),
          seconds(120)};
}

const Judgement kFailed{Verdict::kRetry, "HTTP_500"};
const Judgement kThrottled{Verdict::kThrottle, "HTTP_429"};

TEST(RetryTest, EndsWhenDelivered) {
  const auto decision = Decide(Policy(), false, 1, {Verdict::kDelivered, ""}, {}, 0, kNow);
  EXPECT_EQ(decision.next, Next::kDelivered);
  EXPECT_FALSE(decision.disable_endpoint);
}

TEST(RetryTest, WaitsByTheLadderAndParksAfterItsEnd) {
  EXPECT_EQ(Decide(Policy(), false, 1, kFailed, {}, 0, kNow).retry_at, kNow + seconds(10));
  EXPECT_EQ(Decide(Policy(), false, 2, kFailed, {}, 0, kNow).retry_at, kNow + seconds(100));
  EXPECT_EQ(Decide(Policy(), false, 3, kFailed, {}, 0, kNow).next, Next::kPark);
  EXPECT_EQ(Decide(Policy(), true, 1, kFailed, {}, 0, kNow).retry_at, kNow + seconds(5));
  EXPECT_EQ(Decide(Policy(), true, 3, kFailed, {}, 0, kNow).next, Next::kRetry);
}

TEST(RetryTest, MovesTheWaitByItsJitterWithinBounds) {
  EXPECT_EQ(Decide(Policy(), false, 1, kFailed, {}, 1, kNow).retry_at, kNow + seconds(12));
  EXPECT_EQ(Decide(Policy(), false, 1, kFailed, {}, -1, kNow).retry_at, kNow + seconds(8));
  EXPECT_EQ(Decide(Policy(), false, 1, kFailed, {}, 50, kNow).retry_at, kNow + seconds(12));
}

TEST(RetryTest, NeverComesEarlierThanAskedAndCapsWhatIsAsked) {
  EXPECT_EQ(Decide(Policy(), false, 1, kThrottled, seconds(300), -1, kNow).retry_at, kNow + seconds(300));
  EXPECT_EQ(Decide(Policy(), false, 1, kThrottled, seconds(1), 0, kNow).retry_at, kNow + seconds(10));
  EXPECT_EQ(Decide(Policy(), false, 1, kThrottled, seconds(9999), 0, kNow).retry_at, kNow + seconds(500));
  EXPECT_EQ(Decide(Policy(), true, 1, kFailed, seconds(9999), 0, kNow).retry_at, kNow + seconds(60));
}

TEST(RetryTest, RestsTheEndpointWhenItThrottles) {
  EXPECT_EQ(Decide(Policy(), false, 1, kThrottled, {}, 0, kNow).rest_endpoint_until, kNow + seconds(30));
  EXPECT_EQ(Decide(Policy(), false, 1, kThrottled, seconds(300), 0, kNow).rest_endpoint_until, kNow + seconds(300));
  EXPECT_EQ(Decide(Policy(), false, 1, kFailed, seconds(300), 0, kNow).rest_endpoint_until, std::nullopt);
  EXPECT_TRUE(Decide(Policy(), false, 9, kThrottled, {}, 0, kNow).rest_endpoint_until.has_value());
}

TEST(RetryTest, DisablesTheEndpointAndParksWhenGone) {
  const auto decision = Decide(Policy(), true, 1, {Verdict::kGone, "GONE"}, {}, 0, kNow);
  EXPECT_EQ(decision.next, Next::kPark);
  EXPECT_TRUE(decision.disable_endpoint);
}

TEST(RetryPolicyTest, IsRefusedWhenAFieldIsUnusable) {
  const auto refused = [](auto change) {
    RetryPolicy policy = Policy();
    change(policy);
    const auto checked = Validate(policy);
    return checked ? std::string() : checked.error().violations.at(0).field;
  };
  EXPECT_EQ(refused([](RetryPolicy&) {}), "");
  EXPECT_EQ(refused([](RetryPolicy& p) { p.version.clear(); }), "version");
  EXPECT_EQ(refused([](RetryPolicy& p) { p.ordinary.waits.clear(); }), "ordinary.wait_seconds");
  EXPECT_EQ(refused([](RetryPolicy& p) { p.imminent.waits = {seconds(9), seconds(8)}; }), "imminent.wait_seconds");
  EXPECT_EQ(refused([](RetryPolicy& p) { p.imminent.retry_after_cap = seconds(0); }),
            "imminent.retry_after_cap_seconds");
  EXPECT_EQ(refused([](RetryPolicy& p) { p.jitter = 0.6; }), "jitter");
  EXPECT_EQ(refused([](RetryPolicy& p) { p.second_channel_after = seconds(186); }), "second_channel_after_seconds");
}

TEST(RetryPolicyTest, IsReadFromTheShippedFile) {
  const auto policy = ReadRetryPolicy(TILTS_SOURCE_DIR "/services/notification/data");
  ASSERT_TRUE(policy.has_value()) << policy.error().message;
  EXPECT_EQ(policy->second_channel_after, seconds(120));
}

TEST(RetryPolicyTest, IsRefusedWhenTheFileHasAnUnknownField) {
  EXPECT_FALSE(ParseRetryPolicy(R"({"version": "1", "retries": 3})").has_value());
  EXPECT_FALSE(ReadRetryPolicy("/nowhere").has_value());
}

}  // namespace
}  // namespace tilts::notification::domain
