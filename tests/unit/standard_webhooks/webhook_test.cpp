#include "standard_webhooks/webhook.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace tilts::standard_webhooks {
namespace {

using core::CityTime;
using core::Errc;
using std::chrono::seconds;

// The vectors that the specification's own libraries test with.
constexpr std::string_view kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::string_view kBody = R"({"test": 2432232314})";
constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view kPrivateKey = "whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=";
const CityTime kTime{seconds{1614265330}};

WebhookKey Key(std::string_view text) {
  return WebhookKey::Parse(text).value();
}

Headers Signed(std::span<const WebhookKey> keys) {
  return Sign(keys, kId, kTime, kBody).value();
}

core::Status Check(const WebhookKey& key, const Headers& headers) {
  return Verify({&key, 1}, headers, kBody, kTime);
}

TEST(WebhookTest, SecretSignsAsTheSpecificationsLibrariesDo) {
  const WebhookKey key = Key(kSecret);
  const Headers headers = Signed({&key, 1});
  EXPECT_EQ(headers.id, kId);
  EXPECT_EQ(headers.timestamp, "1614265330");
  EXPECT_EQ(headers.signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookTest, PrivateKeySignsAsTheSpecificationsLibrariesDo) {
  const WebhookKey key = Key(kPrivateKey);
  EXPECT_EQ(Signed({&key, 1}).signature,
            "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==");
}

TEST(WebhookTest, PublicKeyVerifiesAndCannotSign) {
  const WebhookKey key = Key(kPrivateKey);
  const WebhookKey receiver = Key(key.PublicKeyText());
  EXPECT_TRUE(Check(receiver, Signed({&key, 1})));
  EXPECT_FALSE(receiver.can_sign());
  EXPECT_EQ(Sign({&receiver, 1}, kId, kTime, kBody).error().reason, "WEBHOOK_KEY");
}

TEST(WebhookTest, SecretWithoutPrefixIsTheSameSecret) {
  const WebhookKey key = Key(kSecret);
  EXPECT_TRUE(Check(Key(kSecret.substr(6)), Signed({&key, 1})));
}

TEST(WebhookTest, BothSidesUnderstandEachOtherWhileKeysRotate) {
  const std::array<WebhookKey, 3> keys{WebhookKey::GenerateSecret(), WebhookKey::GenerateKeyPair(), Key(kSecret)};
  const Headers headers = Signed(keys);
  for (const WebhookKey& key : keys) EXPECT_TRUE(Check(key, headers));
  EXPECT_FALSE(Check(WebhookKey::GenerateSecret(), headers));
  EXPECT_TRUE(Verify(keys, Signed({&keys[2], 1}), kBody, kTime));
}

TEST(WebhookTest, ForeignSignaturesBesideTheRightOneDoNotMatter) {
  const WebhookKey key = Key(kSecret);
  Headers headers = Signed({&key, 1});
  headers.signature =
      "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= " +
      headers.signature + " v1a,x";
  EXPECT_TRUE(Check(key, headers));
}

TEST(WebhookTest, RefusedWhenAnythingSignedIsChanged) {
  const WebhookKey key = Key(kSecret);
  const Headers headers = Signed({&key, 1});
  Headers changed = headers;
  changed.id = "msg_other";
  EXPECT_EQ(Check(key, changed).error().code, Errc::kDenied);
  changed = headers;
  changed.timestamp = "1614265331";
  EXPECT_EQ(Check(key, changed).error().reason, "WEBHOOK_SIGNATURE");
  EXPECT_EQ(Verify({&key, 1}, headers, std::string(kBody) + " ", kTime).error().reason, "WEBHOOK_SIGNATURE");
  EXPECT_EQ(Verify({}, headers, kBody, kTime).error().reason, "WEBHOOK_SIGNATURE");
}

TEST(WebhookTest, RefusedWhenASignatureIsPartialOrOfTheOtherScheme) {
  const WebhookKey key = Key(kSecret);
  Headers headers = Signed({&key, 1});
  const std::string base64 = headers.signature.substr(3);
  for (const std::string& signature : {std::string("v1,"), std::string("v1"), std::string(" "), "v1a," + base64,
                                       "v1," + base64.substr(0, 40), base64}) {
    headers.signature = signature;
    EXPECT_EQ(Check(key, headers).error().reason, "WEBHOOK_SIGNATURE") << signature;
  }
}

TEST(WebhookTest, RefusedWhenOutsideTheToleranceOnEitherSide) {
  const WebhookKey key = Key(kSecret);
  const Headers headers = Signed({&key, 1});
  const auto at = [&](int offset) { return Verify({&key, 1}, headers, kBody, kTime + seconds{offset}, seconds{300}); };
  EXPECT_TRUE(at(300));
  EXPECT_TRUE(at(-300));
  EXPECT_EQ(at(301).error().reason, "WEBHOOK_TIMESTAMP");
  EXPECT_EQ(at(-301).error().reason, "WEBHOOK_TIMESTAMP");
}

TEST(WebhookTest, RefusedWhenAHeaderIsMissingOrUnreadable) {
  const WebhookKey key = Key(kSecret);
  const Headers headers = Signed({&key, 1});
  for (std::string Headers::*field : {&Headers::id, &Headers::timestamp, &Headers::signature}) {
    Headers missing = headers;
    (missing.*field).clear();
    EXPECT_EQ(Check(key, missing).error().reason, "WEBHOOK_HEADERS");
  }
  for (const char* timestamp : {"now", "-1", "1614265330.5", " 1614265330", "99999999999999999999"}) {
    Headers wrong = headers;
    wrong.timestamp = timestamp;
    EXPECT_EQ(Check(key, wrong).error().code, Errc::kInvalid) << timestamp;
  }
}

TEST(WebhookTest, IdThatCouldMoveBytesIsNotSigned) {
  const WebhookKey key = Key(kSecret);
  for (const char* id : {"", "msg.1", "msg 1", "msg\n1"}) {
    EXPECT_EQ(Sign({&key, 1}, id, kTime, kBody).error().reason, "WEBHOOK_ID");
  }
}

TEST(WebhookTest, ATimestampHasOneSpelling) {
  const WebhookKey key = Key(kSecret);
  Headers headers = Sign({&key, 1}, "msg_1", kTime, "{}").value();
  headers.timestamp = "0" + headers.timestamp;
  headers.signature = key.Sign("msg_1." + headers.timestamp + ".{}").value();
  EXPECT_EQ(Verify({&key, 1}, headers, "{}", kTime).error().reason, "WEBHOOK_TIMESTAMP");
}

// Id, timestamp and body are joined by full stops: cut elsewhere, the same signature would cover another message.
TEST(WebhookTest, AMessageCutAtAnotherFullStopIsRefused) {
  const WebhookKey key = Key(kSecret);
  const Headers headers = Sign({&key, 1}, "msg_1", kTime, "1614265330.{}").value();
  ASSERT_TRUE(Verify({&key, 1}, headers, "1614265330.{}", kTime));
  const Headers moved{"msg_1." + headers.timestamp, "1614265330", headers.signature};
  EXPECT_EQ(Verify({&key, 1}, moved, "{}", kTime).error().reason, "WEBHOOK_ID");
}

TEST(WebhookKeyTest, SerialisedKeyIsReadBack) {
  for (const WebhookKey& key : {WebhookKey::GenerateSecret(), WebhookKey::GenerateKeyPair(), Key(kPrivateKey)}) {
    EXPECT_TRUE(Check(Key(key.Serialize()), Signed({&key, 1})));
  }
  EXPECT_EQ(Key(kSecret).Serialize(), kSecret);
  EXPECT_EQ(Key(kPrivateKey).Serialize(), kPrivateKey);
}

TEST(WebhookKeyTest, RefusedWhenTheKeyHasTheWrongLength) {
  for (const char* text : {"", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64", "whsk_c2hvcnQ=", "whpk_c2hvcnQ="}) {
    EXPECT_EQ(WebhookKey::Parse(text).error().reason, "WEBHOOK_KEY") << text;
  }
}

}  // namespace
}  // namespace tilts::standard_webhooks
