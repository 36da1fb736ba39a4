#include <gtest/gtest.h>

#include <mutex>
#include <vector>

#include "city_simulator/api/transport.hpp"
#include "city_simulator/receivers/signature.hpp"
#include "city_simulator/receivers/webhook_server.hpp"

namespace tilts::city_simulator {
namespace {

// The example of the Standard Webhooks specification.
constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr const char* kTimestamp = "1614265330";
constexpr const char* kBody = R"({"test": 2432232314})";
constexpr const char* kSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
constexpr std::int64_t kNow = 1614265330;

TEST(SignatureTest, AcceptsThePublishedExample) {
  EXPECT_EQ(Verify(kSecret, kId, kTimestamp, kSignature, kBody, kNow), Verdict::kGood);
}

TEST(SignatureTest, AcceptsWhenAnyOfSeveralMatches) {
  const std::string several = std::string("v1a,AAAA v1,AAAA ") + kSignature;
  EXPECT_EQ(Verify(kSecret, kId, kTimestamp, several, kBody, kNow), Verdict::kGood);
}

TEST(SignatureTest, SignsAsThePublishedExample) {
  EXPECT_EQ(Sign(kSecret, kId, kTimestamp, kBody), kSignature);
  EXPECT_EQ(Sign("", kId, kTimestamp, kBody), "");
}

TEST(SignatureTest, RefusesAChangedBodyIdOrTime) {
  EXPECT_EQ(Verify(kSecret, kId, kTimestamp, kSignature, "{}", kNow), Verdict::kWrong);
  EXPECT_EQ(Verify(kSecret, "msg_other", kTimestamp, kSignature, kBody, kNow), Verdict::kWrong);
  EXPECT_EQ(Verify(kSecret, kId, "1614265331", kSignature, kBody, kNow), Verdict::kWrong);
}

TEST(SignatureTest, RefusesTheOldTheMalformedAndTheUnsigned) {
  EXPECT_EQ(Verify(kSecret, kId, kTimestamp, kSignature, kBody, kNow + 301), Verdict::kStale);
  EXPECT_EQ(Verify(kSecret, kId, "yesterday", kSignature, kBody, kNow), Verdict::kMalformed);
  EXPECT_EQ(Verify(kSecret, kId, kTimestamp, "", kBody, kNow), Verdict::kWrong);
  EXPECT_EQ(Verify("", kId, kTimestamp, kSignature, kBody, kNow), Verdict::kNoSecret);
}

int Post(const std::string& url, const std::string& body) {
  return SendHttp("POST", url, {"", "school-1"}, body).status;
}

TEST(WebhookServerTest, HandsOverWhatArrivedAndAnswersAsTold) {
  std::mutex mutex;
  std::vector<Arrival> arrived;
  WebhookServer server([&](const Arrival& arrival) {
    const std::lock_guard lock(mutex);
    arrived.push_back(arrival);
    return Reply{.status = arrived.size() == 1 ? 503 : 204};
  });
  ASSERT_EQ(server.Start(0), "");
  EXPECT_EQ(Post(server.Url("/hooks/police/1"), "{\"a\":1}"), 503);
  EXPECT_EQ(Post(server.Url("/hooks/police/1"), "{\"a\":1}"), 204);
  ASSERT_EQ(arrived.size(), 2U);
  EXPECT_EQ(arrived[1].path, "/hooks/police/1");
  EXPECT_EQ(arrived[1].body, "{\"a\":1}");
  EXPECT_NE(arrived[1].head.find("Tilts-Institution: school-1"), std::string::npos);
}

TEST(WebhookServerTest, SaysSoWhenThePortIsTaken) {
  WebhookServer first([](const Arrival&) { return Reply{}; });
  ASSERT_EQ(first.Start(0), "");
  WebhookServer second([](const Arrival&) { return Reply{}; });
  EXPECT_NE(second.Start(first.port()), "");
}

}  // namespace
}  // namespace tilts::city_simulator
