#include "rpc/server.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/wrappers.pb.h>

#include <future>
#include <latch>
#include <thread>
#include <vector>

#include "server_fixture.hpp"

namespace tilts::rpc {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

milliseconds Measure(const std::function<void()>& action) {
  const auto begin = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
}

TEST_F(ServerTest, AnswersWithPrincipalClockAndTraceWhenCallIsAdmitted) {
  CallContext seen;
  status_ = [&](const CallContext& call, const GetStatusRequest&) {
    seen = call;
    GetStatusResponse response;
    response.set_service("x");
    return response;
  };
  Serve();
  CallOptions options = As("client-1");
  options.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto answer = CallStatus(options);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->service(), "x");
  EXPECT_EQ(seen.principal.client_id, "client-1");
  EXPECT_EQ(seen.now, clock_.Now());
  EXPECT_EQ(seen.method, kStatus);
  EXPECT_EQ(seen.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_NE(seen.traceparent, options.traceparent);
  EXPECT_LE(seen.Remaining(), seconds(5));
  EXPECT_FALSE(seen.cancelled());
}

TEST_F(ServerTest, BelievesCallIdOnlyWhenAServiceVouchesForTheCaller) {
  std::vector<std::string> ids;
  status_ = [&](const CallContext& call, const GetStatusRequest&) {
    ids.push_back(call.call_id);
    return GetStatusResponse();
  };
  Serve();
  for (const std::string issuer : {"gateway", "api-key"}) {
    CallOptions options = As("a");
    options.call_id = "call-7";
    options.metadata.emplace("issuer", issuer);
    ASSERT_TRUE(CallStatus(options).has_value());
  }
  EXPECT_EQ(ids.at(0), "call-7");
  EXPECT_NE(ids.at(1), "call-7");
  EXPECT_EQ(ids.at(1).size(), 32u);
}

TEST_F(ServerTest, CarriesTheWholeErrorWhenHandlerFails) {
  const core::Error error{core::Errc::kRefused, "the referral is closed", "REFERRAL_STATE", {{"a.b[0]", "C", "d"}}, 7};
  status_ = [&](const CallContext&, const GetStatusRequest&) -> core::Result<GetStatusResponse> {
    return core::Fail(error);
  };
  Serve();
  const auto answer = CallStatus(As("a"));
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error(), error);
  EXPECT_EQ(reported_, "REFUSED");
  EXPECT_THAT(metrics_.Expose(),
              HasSubstr(R"(code="REFUSED",rpc="tilts.operations.v1.OperationsService/GetStatus"} 1)"));
}

TEST_F(ServerTest, RefusesBeforeTheHandlerWhenGatekeeperRefuses) {
  bool reached = false;
  status_ = [&](const CallContext&, const GetStatusRequest&) {
    reached = true;
    return GetStatusResponse();
  };
  Serve();
  const auto answer = CallStatus(As(""));
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().reason, "CREDENTIAL_MISSING");
  EXPECT_FALSE(reached);
}

TEST_F(ServerTest, IsInternalWhenHandlerThrowsOrForgetsToAnswer) {
  status_ = [](const CallContext&, const GetStatusRequest&) -> core::Result<GetStatusResponse> {
    throw std::runtime_error("secret");
  };
  list_ = [](const CallContext&, const ListDeadLettersRequest&, Replier<ListDeadLettersResponse>) {};
  Serve();
  const auto thrown = CallStatus(As("a"));
  ASSERT_FALSE(thrown.has_value());
  EXPECT_EQ(thrown.error().code, core::Errc::kInternal);
  EXPECT_THAT(thrown.error().message, ::testing::Not(HasSubstr("secret")));
  const auto forgotten = channel_->Call<ListDeadLettersResponse>(kList, ListDeadLettersRequest(), As("a"));
  ASSERT_FALSE(forgotten.has_value());
  EXPECT_EQ(forgotten.error().reason, "NO_ANSWER");
}

TEST_F(ServerTest, AnswersLaterWhenReplierIsKept) {
  std::promise<Replier<ListDeadLettersResponse>> kept;
  list_ = [&](const CallContext&, const ListDeadLettersRequest&, Replier<ListDeadLettersResponse> reply) {
    kept.set_value(std::move(reply));
  };
  Serve();
  auto answer = std::async(std::launch::async, [&] {
    return channel_->Call<ListDeadLettersResponse>(kList, ListDeadLettersRequest(), As("a"));
  });
  ListDeadLettersResponse response;
  response.set_next_page_token("p2");
  kept.get_future().get().Send(response);
  EXPECT_EQ(answer.get().value().next_page_token(), "p2");
}

TEST_F(ServerTest, TimesOutWhenReplierIsKeptPastTheDeadline) {
  std::vector<Replier<ListDeadLettersResponse>> kept;
  list_ = [&](const CallContext&, const ListDeadLettersRequest&, Replier<ListDeadLettersResponse> reply) {
    kept.push_back(std::move(reply));
  };
  Serve();
  const auto answer =
      channel_->Call<ListDeadLettersResponse>(kList, ListDeadLettersRequest(), As("a", milliseconds(100)));
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, core::Errc::kTimeout);
  // Its own default deadline is not over: the caller's was, and nothing stays open.
  const auto limit = std::chrono::steady_clock::now() + seconds(3);
  while (server_->open_calls() > 0 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  EXPECT_EQ(server_->open_calls(), 0u);
}

TEST_F(ServerTest, IsOverloadedAtOnceWhenQueueIsFull) {
  std::promise<void> open_gate;
  const auto gate = open_gate.get_future().share();
  std::latch entered(1);
  std::atomic<bool> first{true};
  status_ = [&](const CallContext&, const GetStatusRequest&) {
    if (first.exchange(false)) entered.count_down();
    gate.wait();
    return GetStatusResponse();
  };
  Serve(1, 1);
  auto running = std::async(std::launch::async, [&] { return CallStatus(As("a")); });
  entered.wait();
  auto waiting = std::async(std::launch::async, [&] { return CallStatus(As("a")); });
  while (executor_->queued() == 0) std::this_thread::yield();
  const auto refused = CallStatus(As("a"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, core::Errc::kOverloaded);
  EXPECT_EQ(refused.error().retry_after_seconds, 1);
  open_gate.set_value();
  EXPECT_TRUE(running.get().has_value());
  EXPECT_TRUE(waiting.get().has_value());
}

TEST_F(ServerTest, StopsInTimeWhenAHandlerNeverAnswers) {
  std::latch entered(1);
  std::promise<void> open_gate;
  const auto gate = open_gate.get_future().share();
  std::vector<Replier<ListDeadLettersResponse>> kept;
  status_ = [&](const CallContext&, const GetStatusRequest&) {
    entered.count_down();
    gate.wait();
    return GetStatusResponse();
  };
  list_ = [&](const CallContext&, const ListDeadLettersRequest&, Replier<ListDeadLettersResponse> reply) {
    kept.push_back(std::move(reply));
  };
  Serve();
  auto blocked = std::async(std::launch::async, [&] { return CallStatus(As("a", seconds(60))); });
  auto deferred = std::async(std::launch::async, [&] {
    return channel_->Call<ListDeadLettersResponse>(kList, ListDeadLettersRequest(), As("a", seconds(60)));
  });
  entered.wait();
  while (server_->open_calls() < 2) std::this_thread::yield();
  EXPECT_LT(Measure([&] { server_->Shutdown(milliseconds(200)); }), seconds(3));
  EXPECT_EQ(blocked.get().error().code, core::Errc::kUnavailable);
  EXPECT_EQ(deferred.get().error().code, core::Errc::kUnavailable);
  EXPECT_FALSE(executor_->Stop(milliseconds(50)));
  open_gate.set_value();
  while (executor_->running() > 0) std::this_thread::yield();  // it uses what this test owns
}

TEST_F(ServerTest, FinishesCallInHandWhenShutdownIsPatient) {
  std::latch entered(1);
  std::promise<void> open_gate;
  const auto gate = open_gate.get_future().share();
  status_ = [&](const CallContext&, const GetStatusRequest&) {
    entered.count_down();
    gate.wait();
    return GetStatusResponse();
  };
  Serve();
  auto call = std::async(std::launch::async, [&] { return CallStatus(As("a")); });
  entered.wait();
  auto shutdown = std::async(std::launch::async, [&] { server_->Shutdown(seconds(5)); });
  // A second call is turned away while the first may still finish.
  core::Result<GetStatusResponse> refused = GetStatusResponse();
  while (refused) {
    auto answer = channel_->Call<RedriveDeadLetterResponse>(kRedrive, RedriveDeadLetterRequest(), As("a"));
    if (!answer) refused = tl::make_unexpected(answer.error());
  }
  EXPECT_EQ(refused.error().code, core::Errc::kUnavailable);
  open_gate.set_value();
  EXPECT_TRUE(call.get().has_value());
  shutdown.get();
}

TEST_F(ServerTest, IsAnErrorWhenPortIsTaken) {
  Serve();
  ServerOptions options;
  options.port = server_->port();
  const auto second =
      Server::Start(options, {methods_, *executor_, gatekeeper_, clock_, clock_, log::Silent(), metrics_, {}});
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().reason, "RPC_PORT");
}

TEST_F(ServerTest, RefusesToStartWhenAMethodIsNotBound) {
  methods_.Bind<GetStatusRequest, GetStatusResponse>(std::string(kStatus), status_);
  Executor executor("test", 1, 1, metrics_);
  const auto server = Server::Start({}, {methods_, executor, gatekeeper_, clock_, clock_, log::Silent(), metrics_, {}});
  ASSERT_FALSE(server.has_value());
  EXPECT_THAT(server.error().message, HasSubstr("OperationsService/ListDeadLetters is not bound"));
}

TEST_F(ServerTest, RefusesMessageWhenItIsAboveTheLimit) {
  Serve(2, 16, 10'000);
  RedriveDeadLetterRequest request;
  request.set_dead_letter_id(std::string(9'900, 'x'));
  const auto fits = channel_->Call<RedriveDeadLetterResponse>(kRedrive, request, As("a"));
  ASSERT_TRUE(fits.has_value()) << fits.error().message;
  EXPECT_EQ(fits->processed(), 9'901u);  // the handler itself counts as one audited call at work
  request.set_dead_letter_id(std::string(10'001, 'x'));
  const auto over = channel_->Call<RedriveDeadLetterResponse>(kRedrive, request, As("a"));
  ASSERT_FALSE(over.has_value());
  EXPECT_EQ(over.error().code, core::Errc::kOverloaded);
}

TEST_F(ServerTest, SaysReadyOnlyWhenSet) {
  Serve();
  const auto ask = [&](const std::string& service) {
    google::protobuf::StringValue request;
    request.set_value(service);
    return channel_->Call<google::protobuf::Int32Value>("grpc.health.v1.Health/Check", request, {}).value().value();
  };
  EXPECT_EQ(ask("readiness"), 2);
  EXPECT_EQ(ask("liveness"), 1);
  server_->SetReady(true);
  EXPECT_EQ(ask("readiness"), 1);
  EXPECT_EQ(ask(""), 1);
}

TEST_F(ServerTest, PassesBytesUnreadWhenCallIsRaw) {
  Serve();
  const auto bytes = channel_->CallRaw(kStatus, GetStatusRequest().SerializeAsString(), As("a"));
  ASSERT_TRUE(bytes.has_value());
  EXPECT_FALSE(channel_->CallRaw(kStatus, "\xff\xff not a message", As("a")).has_value());
  EXPECT_EQ(channel_->CallRaw("tilts.none.v1.None/None", "", As("a")).error().code, core::Errc::kInternal);
}

TEST(ChannelTest, IsUnavailableWhenNobodyListens) {
  Channel channel("127.0.0.1:1");
  const auto answer = channel.Call<GetStatusResponse>(kStatus, GetStatusRequest(), {});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, core::Errc::kUnavailable);
}

TEST(ChannelTest, RefusesMetadataThatGrpcWouldAbortOn) {
  Channel channel("127.0.0.1:1");
  CallOptions options;
  options.metadata.emplace("who", "line\nbreak");
  EXPECT_EQ(channel.CallRaw(kStatus, "", options).error().reason, "METADATA");
  options.metadata = {{"Upper", "x"}};
  EXPECT_EQ(channel.CallRaw(kStatus, "", options).error().reason, "METADATA");
  options.metadata.clear();
  options.timeout = milliseconds(0);
  EXPECT_EQ(channel.CallRaw(kStatus, "", options).error().code, core::Errc::kTimeout);
}

}  // namespace
}  // namespace tilts::rpc
