#include <gtest/gtest.h>
#include <tilts/operations/v1/operations_service.pb.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "log/log.hpp"
#include "rpc/executor.hpp"
#include "rpc/server_call.hpp"

namespace tilts::rpc::internal {
namespace {

using operations::v1::GetStatusRequest;
using operations::v1::GetStatusResponse;

constexpr char kMethod[] = "tilts.operations.v1.OperationsService/GetStatus";

class StillClock final : public core::CityClock, public core::MachineClock {
 public:
  core::CityTime Now() const override { return {}; }
};

class OpenDoor final : public Gatekeeper {
 public:
  core::Result<auth::Principal> Admit(const google::protobuf::MethodDescriptor&, const Metadata&,
                                      core::CityTime) override {
    return auth::Principal();
  }
};

// Counts how often each call was answered: exactly once, whoever is first.
class CountingTransport final : public Transport {
 public:
  void Answer(const core::Result<std::string>&) override { ++answers; }
  std::atomic<int> answers = 0;
};

class CallBookTest : public ::testing::Test {
 protected:
  CallBookTest() {
    methods_.BindDeferred<GetStatusRequest, GetStatusResponse>(
        kMethod, [this](const CallContext&, const GetStatusRequest&, Replier<GetStatusResponse> reply) {
          // One in four is forgotten, which must answer too.
          if (++handled_ % 4 != 0) reply.Send(GetStatusResponse());
        });
    executor_ = std::make_unique<Executor>("test", 3, 10'000, metrics_);
    book_ = std::make_shared<CallBook>(
        ServerParts{methods_, *executor_, door_, clock_, clock_, log::Silent(), metrics_, {}});
  }

  std::shared_ptr<ServerCall> NewCall(CountingTransport& transport) {
    auto call = std::make_shared<ServerCall>(book_, transport, *methods_.Find(kMethod));
    call->deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    return call;
  }

  StillClock clock_;
  OpenDoor door_;
  metrics::Registry metrics_;
  MethodTable methods_;
  std::atomic<int> handled_ = 0;
  std::unique_ptr<Executor> executor_;
  std::shared_ptr<CallBook> book_;
};

TEST_F(CallBookTest, ForgetsACallThatEndedBeforeItsRequestWasTaken) {
  CountingTransport transport;
  const auto call = NewCall(transport);
  call->Cancel();
  book_->Accept(call);
  EXPECT_EQ(transport.answers, 1);
  EXPECT_EQ(book_->open_calls(), 0u);
  EXPECT_TRUE(book_->WaitUntilEmpty(std::chrono::milliseconds(0)));
}

TEST_F(CallBookTest, AnswersEachCallOnceWhenHandlerDeadlineAndCancelRace) {
  constexpr int kCalls = 500;
  std::vector<CountingTransport> transports(kCalls);
  std::atomic<bool> done = false;
  std::thread expiring([&] {
    while (!done) book_->ExpireCalls(std::chrono::steady_clock::now() + std::chrono::seconds(120));
  });
  for (CountingTransport& transport : transports) {
    const auto call = NewCall(transport);
    book_->Accept(call);
    std::thread([call] { call->Cancel(); }).join();
  }
  EXPECT_TRUE(book_->WaitUntilEmpty(std::chrono::seconds(10)));
  done = true;
  expiring.join();
  EXPECT_TRUE(executor_->Stop(std::chrono::seconds(10)));
  for (const CountingTransport& transport : transports) EXPECT_EQ(transport.answers, 1);
  EXPECT_EQ(book_->open_calls(), 0u);
  EXPECT_EQ(book_->audited_handlers(), 0u);
}

TEST_F(CallBookTest, AnswersEverythingWhenStoppedUnderLoad) {
  constexpr int kCalls = 300;
  std::vector<CountingTransport> transports(kCalls);
  std::thread arriving([&] {
    for (CountingTransport& transport : transports) book_->Accept(NewCall(transport));
  });
  book_->RefuseNewCalls();
  arriving.join();
  EXPECT_TRUE(book_->WaitUntilEmpty(std::chrono::seconds(10)));
  book_->AnswerAll({core::Errc::kUnavailable, "stopping", "STOPPING", {}, 1});
  EXPECT_TRUE(executor_->Stop(std::chrono::seconds(10)));
  for (const CountingTransport& transport : transports) EXPECT_EQ(transport.answers, 1);
}

}  // namespace
}  // namespace tilts::rpc::internal
