// Streams both ways, on a real server: what a message of a stream is asked and leaves behind is that of a call.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <tilts/intake/v1/fact_service.pb.h>

#include <future>
#include <latch>
#include <set>

#include "rpc/client_stream.hpp"
#include "server_fixture.hpp"
#include "testing/wait_for.hpp"

namespace tilts::rpc {
namespace {

using intake::v1::PushFactsRequest;
using intake::v1::PushFactsResponse;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using testing::WaitFor;

constexpr char kStream[] = "tilts.intake.v1.FactService/StreamFacts";

core::Result<PushFactsResponse> Echo(const PushFactsRequest& request) {
  PushFactsResponse response;
  for (const auto& fact : request.facts()) response.add_results()->set_event_id(fact.event_id());
  return response;
}

PushFactsRequest Batch(const std::string& id) {
  PushFactsRequest request;
  request.add_facts()->set_event_id(id);
  return request;
}

// A batch may be worked on once its gate is open.
class Gate {
 public:
  Gate() : open_(promise_.get_future().share()) {}
  void Open() { promise_.set_value(); }
  void Wait() const { open_.wait(); }

 private:
  std::promise<void> promise_;
  std::shared_future<void> open_;
};

class StreamTest : public ::testing::Test {
 protected:
  using Handler = std::function<core::Result<PushFactsResponse>(const CallContext&, const PushFactsRequest&)>;

  StreamTest() {
    options_.stream_messages_at_once = 4;
    options_.default_deadline = seconds(10);
  }
  ~StreamTest() override {
    if (server_) server_->Shutdown(milliseconds(0));
  }

  void Serve(Handler handler) {
    const auto* contract = PushFactsRequest::descriptor()->file()->service(0);
    methods_.BindStream<PushFactsRequest, PushFactsResponse>(kStream, std::move(handler));
    for (int i = 0; i < contract->method_count(); ++i) {
      const std::string name = contract->full_name() + "/" + contract->method(i)->name();
      if (name == kStream) continue;
      methods_.BindRaw(name, [](const CallContext&, std::string_view, RawReplier reply) { reply.Send(std::string()); });
    }
    auto server = Server::Start(options_, {methods_, executor_, gatekeeper_, clock_, clock_, log::Silent(), metrics_,
                                           [this](const CallReport& report) {
                                             const std::lock_guard lock(mutex_);
                                             codes_.insert(std::string(report.code));
                                             spans_.insert(std::string(report.traceparent));
                                           }});
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = *std::move(server);
    channel_ = std::make_unique<Channel>("127.0.0.1:" + std::to_string(server_->port()));
  }

  std::unique_ptr<ClientStream> Open(milliseconds timeout = seconds(20), const std::string& who = "client-1") {
    CallOptions options;
    options.timeout = timeout;
    options.metadata.emplace("who", who);
    options.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    return *channel_->OpenStream(kStream, options);
  }

  // The first event id of the next answer; "END" or the error's reason.
  static std::string Next(ClientStream& stream) {
    const auto answer = stream.Receive<PushFactsResponse>();
    if (!answer) return answer.error().reason;
    return *answer ? (*answer)->results(0).event_id() : "END";
  }

  StillClock clock_;
  NamedGatekeeper gatekeeper_;
  metrics::Registry metrics_;
  MethodTable methods_;
  ServerOptions options_;
  std::mutex mutex_;
  std::multiset<std::string> codes_;
  std::set<std::string> spans_;
  Executor executor_{"test", 8, 64, metrics_};
  std::unique_ptr<Server> server_;
  std::unique_ptr<Channel> channel_;
};

TEST_F(StreamTest, AnswersInTheOrderSentWhenALaterMessageIsDoneFirst) {
  std::latch later(2);
  Serve([&](const CallContext&, const PushFactsRequest& request) {
    if (request.facts(0).event_id() == "0") {
      later.wait();
    } else {
      later.count_down();
    }
    return Echo(request);
  });
  const auto stream = Open();
  for (const char* id : {"0", "1", "2"}) ASSERT_TRUE(stream->Send(Batch(id)));
  stream->FinishSending();
  for (const char* id : {"0", "1", "2", "END"}) EXPECT_EQ(Next(*stream), id);
  EXPECT_TRUE(WaitFor([&] { return metrics_.Expose().find("tilts_rpc_server_open_streams 0") != std::string::npos; },
                      seconds(5)));
}

TEST_F(StreamTest, EachMessageIsACallOfItsOwnInLogMetricsAndTrace) {
  std::mutex mutex;
  std::set<std::string> call_ids;
  Serve([&](const CallContext& call, const PushFactsRequest& request) {
    const std::lock_guard lock(mutex);
    call_ids.insert(call.call_id);
    EXPECT_EQ(call.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(call.principal.client_id, "client-1");
    EXPECT_EQ(call.now, clock_.Now());
    EXPECT_EQ(server_->audited_handlers() > 0, true);
    return Echo(request);
  });
  const auto stream = Open();
  for (const char* id : {"0", "1", "2"}) ASSERT_TRUE(stream->Send(Batch(id)));
  stream->FinishSending();
  while (Next(*stream) != "END") continue;
  EXPECT_EQ(call_ids.size(), 3u);
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(spans_.size(), 3u);
  EXPECT_EQ(codes_.count("OK"), 3u);
  EXPECT_THAT(metrics_.Expose(), HasSubstr(R"(_count{code="OK",rpc="tilts.intake.v1.FactService/StreamFacts"} 3)"));
}

TEST_F(StreamTest, ReadsNoFurtherWhileAsManyMessagesAreInHand) {
  Gate gate;
  std::atomic<std::size_t> entered{0};
  Serve([&](const CallContext&, const PushFactsRequest& request) {
    ++entered;
    gate.Wait();
    return Echo(request);
  });
  const auto stream = Open();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(stream->Send(Batch(std::to_string(i))));
  stream->FinishSending();
  EXPECT_TRUE(WaitFor([&] { return entered == 4; }, seconds(5)));
  EXPECT_FALSE(WaitFor([&] { return server_->open_calls() > 4; }, milliseconds(500)));
  gate.Open();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Next(*stream), std::to_string(i));
  EXPECT_EQ(Next(*stream), "END");
}

TEST_F(StreamTest, ReadsNoFurtherWhileTheCallerTakesNoAnswers) {
  constexpr int kMessages = 60;
  std::atomic<int> entered{0};
  Serve([&](const CallContext&, const PushFactsRequest& request) {
    ++entered;
    auto response = Echo(request);
    response->add_results()->set_record_id(std::string(200'000, 'x'));
    return response;
  });
  const auto stream = Open();
  for (int i = 0; i < kMessages; ++i) ASSERT_TRUE(stream->Send(Batch(std::to_string(i))));
  EXPECT_FALSE(WaitFor([&] { return entered > kMessages / 2; }, milliseconds(500)));
  stream->FinishSending();
  for (int i = 0; i < kMessages; ++i) EXPECT_EQ(Next(*stream), std::to_string(i));
  EXPECT_EQ(entered, kMessages);
}

TEST_F(StreamTest, EndsWithTheErrorAfterTheAnswersBeforeIt) {
  const core::Error error{core::Errc::kInvalid, "the batch is too large", "BATCH_SIZE", {{"facts", "C", "d"}}, 0};
  Serve([&](const CallContext&, const PushFactsRequest& request) -> core::Result<PushFactsResponse> {
    if (request.facts(0).event_id() == "bad") return core::Fail(error);
    return Echo(request);
  });
  const auto stream = Open();
  for (const char* id : {"0", "bad", "2"}) stream->Send(Batch(id));
  EXPECT_EQ(Next(*stream), "0");
  const auto end = stream->Receive<PushFactsResponse>();
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error(), error);
  EXPECT_FALSE(stream->Send(Batch("3")));
  EXPECT_TRUE(WaitFor([&] { return server_->open_calls() == 0; }, seconds(5)));
}

TEST_F(StreamTest, IsAnsweredLikeACallWhenAMessageCannotBeRead) {
  Serve([](const CallContext&, const PushFactsRequest& request) { return Echo(request); });
  const auto stream = Open();
  ASSERT_TRUE(stream->SendRaw("\xff\xff not a message"));
  EXPECT_EQ(Next(*stream), "REQUEST_BYTES");
}

TEST_F(StreamTest, AdmitsTheCallerNewlyForEachMessage) {
  std::atomic<int> reached{0};
  Serve([&](const CallContext&, const PushFactsRequest& request) {
    ++reached;
    gatekeeper_.closed = true;  // the grant ends while the stream is open
    return Echo(request);
  });
  const auto stream = Open();
  ASSERT_TRUE(stream->Send(Batch("0")));
  EXPECT_EQ(Next(*stream), "0");
  stream->Send(Batch("1"));
  EXPECT_EQ(Next(*stream), "CREDENTIAL_MISSING");
  const auto nobody = Open(seconds(20), "");
  nobody->Send(Batch("2"));
  EXPECT_EQ(Next(*nobody), "CREDENTIAL_MISSING");
  EXPECT_EQ(reached, 1);
}

TEST_F(StreamTest, TimesOutWithTheMessageThatIsNotAnswered) {
  options_.default_deadline = milliseconds(200);
  Gate gate;
  Serve([&](const CallContext&, const PushFactsRequest& request) {
    if (request.facts(0).event_id() == "slow") gate.Wait();
    return Echo(request);
  });
  const auto stream = Open();
  for (const char* id : {"0", "slow"}) ASSERT_TRUE(stream->Send(Batch(id)));
  EXPECT_EQ(Next(*stream), "0");
  EXPECT_EQ(Next(*stream), "DEADLINE");
  EXPECT_TRUE(WaitFor([&] { return server_->open_calls() == 0; }, seconds(5)));
  gate.Open();
  EXPECT_TRUE(WaitFor([&] { return executor_.running() == 0; }, seconds(5)));
}

TEST_F(StreamTest, TellsTheHandlersWhenTheCallerGoesAway) {
  std::atomic<bool> told{false};
  std::latch entered(1);
  Serve([&](const CallContext& call, const PushFactsRequest& request) {
    entered.count_down();
    told = WaitFor([&] { return call.cancelled(); }, seconds(5));
    return Echo(request);
  });
  auto stream = Open();
  ASSERT_TRUE(stream->Send(Batch("0")));
  entered.wait();
  stream.reset();
  EXPECT_TRUE(WaitFor([&] { return told && server_->open_calls() == 0 && executor_.running() == 0; }, seconds(5)));
}

TEST_F(StreamTest, AnswersWhatIsInHandWhenShutDownThenEnds) {
  Gate gate;
  std::latch entered(1);
  Serve([&](const CallContext&, const PushFactsRequest& request) {
    entered.count_down();
    gate.Wait();
    return Echo(request);
  });
  const auto busy = Open();
  const auto idle = Open();
  ASSERT_TRUE(busy->Send(Batch("0")));
  entered.wait();
  auto shutdown = std::async(std::launch::async, [&] { server_->Shutdown(seconds(10)); });
  EXPECT_EQ(Next(*idle), "STOPPING");
  gate.Open();
  EXPECT_EQ(Next(*busy), "0");
  EXPECT_EQ(Next(*busy), "STOPPING");
  shutdown.get();
}

TEST_F(StreamTest, EndsStreamsThatAreIdleOrTooMany) {
  options_.most_streams = 1;
  options_.stream_idle = milliseconds(700);
  Serve([](const CallContext&, const PushFactsRequest& request) { return Echo(request); });
  const auto first = Open();
  ASSERT_TRUE(first->Send(Batch("0")));
  EXPECT_EQ(Next(*first), "0");
  const auto second = Open();
  EXPECT_EQ(Next(*second), "STREAMS_OPEN");
  EXPECT_EQ(Next(*first), "STREAM_IDLE");
}

TEST_F(StreamTest, EndsWhenItsOwnSideStops) {
  Serve([](const CallContext&, const PushFactsRequest& request) { return Echo(request); });
  const auto stream = Open();
  ASSERT_TRUE(stream->Send(Batch("0")));
  EXPECT_EQ(Next(*stream), "0");
  channel_->Cancel();
  EXPECT_EQ(Next(*stream), "STOPPING");
}

}  // namespace
}  // namespace tilts::rpc
