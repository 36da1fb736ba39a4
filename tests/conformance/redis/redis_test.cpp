#include "redis/redis.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "testing/server_set.hpp"
#include "testing/tcp_gate.hpp"
#include "testing/wait_for.hpp"

namespace tilts::redis {
namespace {

using std::chrono::milliseconds;

class RedisTest : public testing::ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    if (HasFatalFailure()) return;
    redis_ = std::make_unique<Redis>(servers().Redis());
  }
  void TearDown() override {
    if (redis_) static_cast<void>(redis_->Command({"DEL", Key("a"), Key("b")}));
    ServerTest::TearDown();
  }
  std::string Key(const std::string& name) const { return space() + ":" + name; }
  std::unique_ptr<Redis> redis_;
};

TEST_F(RedisTest, ValuesAreBinarySafeAndMayHoldSpaces) {
  std::string bytes = "a b \r\n $3";
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  ASSERT_TRUE(redis_->Command({"SET", Key("a"), bytes}).has_value());
  EXPECT_EQ(*redis_->Command({"GET", Key("a")})->AsText(), bytes);
}

TEST_F(RedisTest, RepliesHaveTheirKinds) {
  EXPECT_EQ(*redis_->Command({"GET", Key("a")})->AsOptionalText(), std::nullopt);
  EXPECT_EQ(redis_->Command({"GET", Key("a")})->AsText().error().reason, "REDIS_REPLY");
  EXPECT_EQ(*redis_->Command({"INCR", Key("a")})->AsInteger(), 1);
  EXPECT_EQ(*redis_->Command({"GET", Key("a")})->AsInteger(), 1);
  const auto several = redis_->Command({"MGET", Key("a"), Key("b")})->AsOptionalTexts();
  EXPECT_EQ(*several, (std::vector<std::optional<std::string>>{"1", std::nullopt}));
}

TEST_F(RedisTest, AnErrorReplyIsAnErrorAndTheConnectionLivesOn) {
  ASSERT_TRUE(redis_->Command({"SET", Key("a"), "text"}).has_value());
  const auto wrong = redis_->Command({"LPUSH", Key("a"), "x"});
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, core::Errc::kInternal);
  EXPECT_EQ(wrong.error().reason, "WRONGTYPE");
  EXPECT_TRUE(redis_->Ping().has_value());
}

TEST_F(RedisTest, APipelineAnswersEachCommand) {
  const auto answers = redis_->Pipeline({{"SET", Key("a"), "1"}, {"LPUSH", Key("a"), "x"}, {"INCR", Key("a")}});
  ASSERT_TRUE(answers.has_value());
  ASSERT_EQ(answers->size(), 3u);
  EXPECT_TRUE((*answers)[0].has_value());
  EXPECT_FALSE((*answers)[1].has_value());
  EXPECT_EQ(*(*answers)[2]->AsInteger(), 2);
}

TEST_F(RedisTest, AScriptTheServerForgotIsLoadedAgain) {
  const Script script("return redis.call('INCRBY', KEYS[1], ARGV[1])");
  EXPECT_EQ(*redis_->Run(script, {Key("a")}, {"5"})->AsInteger(), 5);
  ASSERT_TRUE(redis_->Command({"SCRIPT", "FLUSH"}).has_value());
  EXPECT_EQ(*redis_->Run(script, {Key("a")}, {"5"})->AsInteger(), 10);
}

TEST_F(RedisTest, ACompareAndSetScriptFences) {
  const Script write(
      "if redis.call('GET', KEYS[1]) ~= (ARGV[1] ~= '' and ARGV[1] or false) then return 0 end "
      "redis.call('SET', KEYS[1], ARGV[2]) return 1");
  EXPECT_EQ(*redis_->Run(write, {Key("a")}, {"", "10"})->AsInteger(), 1);
  EXPECT_EQ(*redis_->Run(write, {Key("a")}, {"", "10"})->AsInteger(), 0) << "a second worker that saw nothing";
  EXPECT_EQ(*redis_->Run(write, {Key("a")}, {"10", "20"})->AsInteger(), 1);
  EXPECT_EQ(*redis_->Run(write, {Key("a")}, {"10", "30"})->AsInteger(), 0) << "a zombie";
}

TEST_F(RedisTest, ASilentServerTimesOutAndANewConnectionWorks) {
  RedisOptions options = servers().Redis();
  testing::TcpGate gate(options.host, options.port);
  options.port = gate.port();
  options.command_limit = milliseconds(200);
  Redis gated(options);
  ASSERT_TRUE(gated.Ping().has_value());
  gate.Hold(true);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(gated.Command({"PING"}).error().code, core::Errc::kTimeout);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(1'000));
  gate.Hold(false);
  gate.Cut();
  EXPECT_TRUE(testing::WaitFor([&] { return gated.Ping().has_value(); }, milliseconds(3'000)));
  // The limit holds on the new connection too.
  gate.Hold(true);
  EXPECT_EQ(gated.Command({"PING"}).error().code, core::Errc::kTimeout);
}

TEST_F(RedisTest, ARestartedServerIsUnavailableAndThenBack) {
  RedisOptions options = servers().Redis();
  testing::TcpGate gate(options.host, options.port);
  options.port = gate.port();
  Redis gated(options);
  ASSERT_TRUE(gated.Ping().has_value());
  gate.Refuse(true);
  EXPECT_TRUE(testing::WaitFor([&] { return !gated.Ping().has_value(); }, milliseconds(3'000)));
  EXPECT_EQ(gated.Command({"PING"}).error().code, core::Errc::kUnavailable);
  gate.Refuse(false);
  EXPECT_TRUE(testing::WaitFor([&] { return gated.Ping().has_value(); }, milliseconds(3'000)));
}

TEST_F(RedisTest, AFullPoolAnswersOverloaded) {
  RedisOptions options = servers().Redis();
  testing::TcpGate gate(options.host, options.port);
  options.port = gate.port();
  options.connections = 1;
  options.pool_wait = milliseconds(50);
  options.command_limit = milliseconds(1'000);
  Redis gated(options);
  ASSERT_TRUE(gated.Ping().has_value());
  gate.Hold(true);
  // Whoever is first waits for the silent server; the other one must not.
  std::vector<core::Errc> outcomes(2);
  std::vector<std::thread> callers;
  for (core::Errc& outcome : outcomes) {
    callers.emplace_back([&gated, &outcome] { outcome = gated.Command({"PING"}).error().code; });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_THAT(outcomes, ::testing::UnorderedElementsAre(core::Errc::kOverloaded, core::Errc::kTimeout));
}

}  // namespace
}  // namespace tilts::redis
