// The stream without gRPC, so that the thread sanitizer can follow it.
#include "rpc/server_stream.hpp"

#include <gtest/gtest.h>
#include <tilts/intake/v1/fact_service.pb.h>

#include <thread>
#include <vector>

#include "log/log.hpp"
#include "rpc/executor.hpp"
#include "testing/wait_for.hpp"

namespace tilts::rpc::internal {
namespace {

using intake::v1::PushFactsRequest;
using intake::v1::PushFactsResponse;

constexpr char kMethod[] = "tilts.intake.v1.FactService/StreamFacts";
constexpr int kMessages = 40;

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

// A caller with so many messages: what the stream asks for happens on this object's thread, as on one of gRPC's.
class Wire final : public StreamTransport {
 public:
  ~Wire() override { thread_.join(); }
  void Attach(std::shared_ptr<ServerStream> stream) {
    stream_ = std::move(stream);
    thread_ = std::thread([this] { Carry(); });
  }

  void Read() override { Ask(reads_); }
  void Write(const std::string& message) override {
    PushFactsResponse answer;
    EXPECT_TRUE(answer.ParseFromString(message));
    const std::lock_guard lock(mutex_);
    EXPECT_FALSE(finished_);
    answers_.push_back(std::stoi(answer.results(0).event_id()));
    ++writes_;
  }
  void Finish(const core::Status& status) override {
    const std::lock_guard lock(mutex_);
    EXPECT_FALSE(finished_) << "a stream has one end";
    finished_ = true;
    well_ = status.has_value();
  }

  bool finished() const {
    const std::lock_guard lock(mutex_);
    return finished_;
  }
  bool well() const { return well_; }
  std::vector<int> answers() const { return answers_; }

 private:
  void Ask(int& counter) {
    const std::lock_guard lock(mutex_);
    ++counter;
  }
  bool Take(int& counter) {
    const std::lock_guard lock(mutex_);
    return counter > 0 && counter-- > 0;
  }
  void Carry() {
    int sent = 0;
    while (!finished()) {
      if (Take(writes_)) stream_->Written(true);
      if (!Take(reads_)) continue;
      if (sent == kMessages) {
        stream_->SendersEnd();
        continue;
      }
      PushFactsRequest request;
      request.add_facts()->set_event_id(std::to_string(sent++));
      stream_->Arrived(request.SerializeAsString());
    }
  }

  std::shared_ptr<ServerStream> stream_;
  mutable std::mutex mutex_;
  int reads_ = 0;
  int writes_ = 0;
  bool finished_ = false;
  bool well_ = false;
  std::vector<int> answers_;
  std::thread thread_;
};

class ServerStreamTest : public ::testing::Test {
 protected:
  ServerStreamTest() {
    methods_.BindStream<PushFactsRequest, PushFactsResponse>(
        kMethod, [](const CallContext&, const PushFactsRequest& request) {
          PushFactsResponse response;
          response.add_results()->set_event_id(request.facts(0).event_id());
          return core::Result<PushFactsResponse>(response);
        });
    book_ = std::make_shared<CallBook>(
        ServerParts{methods_, executor_, door_, clock_, clock_, log::Silent(), metrics_, {}});
  }

  // Runs one stream while `meanwhile` happens on another thread.
  void Run(const std::function<void(ServerStream&)>& meanwhile) {
    Wire wire;
    const auto stream = std::make_shared<ServerStream>(book_, wire, *methods_.Find(kMethod), StreamLimits());
    stream->Open();
    wire.Attach(stream);
    std::thread other([&] { meanwhile(*stream); });
    EXPECT_TRUE(testing::WaitFor([&] { return wire.finished(); }, std::chrono::seconds(20)));
    other.join();
    const std::vector<int> answers = wire.answers();
    for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i], static_cast<int>(i));
    EXPECT_TRUE(!wire.well() || answers.size() == static_cast<std::size_t>(kMessages));
    EXPECT_EQ(book_->open_calls(), 0u);
  }

  StillClock clock_;
  OpenDoor door_;
  metrics::Registry metrics_;
  MethodTable methods_;
  Executor executor_{"test", 4, 1'000, metrics_};
  std::shared_ptr<CallBook> book_;
};

TEST_F(ServerStreamTest, AnswersEveryMessageInOrder) {
  for (int round = 0; round < 20; ++round) Run([](ServerStream&) {});
}

TEST_F(ServerStreamTest, EndsOnceWhenAnswersCancelAndDrainRace) {
  for (int round = 0; round < 60; ++round) {
    Run([round](ServerStream& stream) {
      if (round % 3 == 0) stream.Cancelled();
      if (round % 3 == 1) stream.Drain({core::Errc::kUnavailable, "stopping", "STOPPING", {}, 0});
      if (round % 3 == 2) stream.EndIfIdle(std::chrono::steady_clock::now());
    });
  }
}

TEST_F(ServerStreamTest, IsRefusedOnceTheServerStops) {
  book_->RefuseNewCalls();
  Wire wire;
  const auto stream = std::make_shared<ServerStream>(book_, wire, *methods_.Find(kMethod), StreamLimits());
  stream->Open();
  EXPECT_TRUE(wire.finished());
  EXPECT_FALSE(wire.well());
  EXPECT_TRUE(book_->WaitUntilEmpty(std::chrono::milliseconds(0)));
  wire.Attach(stream);
}

}  // namespace
}  // namespace tilts::rpc::internal
