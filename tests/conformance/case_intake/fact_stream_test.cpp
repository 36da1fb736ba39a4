// The streaming door as a vendor's system meets it: a real RPC server, real grants, a real PostgreSQL and Kafka.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>

#include "auth/api_key.hpp"
#include "auth/gatekeeper.hpp"
#include "fact_fixture.hpp"
#include "rpc/client_stream.hpp"
#include "rpc/executor.hpp"
#include "rpc/method_table.hpp"
#include "rpc/server.hpp"
#include "testing/wait_for.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake::testing {
namespace {

using intake::v1::PushFactsRequest;
using intake::v1::PushFactsResponse;
using std::chrono::seconds;

constexpr char kService[] = "tilts.intake.v1.FactService/";

class MachineTime final : public core::MachineClock {
 public:
  core::CityTime Now() const override { return core::ParseRfc3339("2026-03-02T08:30:00Z").value(); }
};

class FactStreamTest : public FactTest {
 protected:
  void SetUp() override {
    FactTest::SetUp();
    if (HasFatalFailure()) return;
    snapshot_.set_version(1);
    auto& credential = *snapshot_.add_credentials();
    credential.set_credential_id(key_.key_id);
    credential.set_client_id("vendor");
    credential.set_secret_sha256(auth::ApiKeySecretHash(key_.secret));
    auto& grant = *snapshot_.add_grants();
    grant.set_client_id("vendor");
    grant.set_institution_id(kSchool);
    grant.add_operations("fact.write");
    *grant.mutable_valid_to() = wire::ToTimestamp(clock_.Now() + std::chrono::hours(1));
    const auto* contract = PushFactsRequest::descriptor()->file()->service(0);
    methods_.BindStream<PushFactsRequest, PushFactsResponse>(
        std::string(kService) + "StreamFacts",
        [this](const rpc::CallContext& call, const PushFactsRequest& request) { return desk_->Push(call, request); });
    for (int i = 0; i < contract->method_count(); ++i) {
      const std::string name = kService + contract->method(i)->name();
      if (methods_.Find(name) != nullptr) continue;
      methods_.BindRaw(name, [](const rpc::CallContext&, std::string_view, rpc::RawReplier) {});
    }
    auto server =
        rpc::Server::Start({}, {methods_, executor_, gatekeeper_, clock_, machine_, log::Silent(), metrics_, {}});
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = *std::move(server);
    channel_ = std::make_unique<rpc::Channel>("127.0.0.1:" + std::to_string(server_->port()));
  }
  void TearDown() override {
    channel_.reset();
    if (server_) server_->Shutdown(seconds(1));
    FactTest::TearDown();
  }

  std::unique_ptr<rpc::ClientStream> Open(const std::string& institution = kSchool) {
    rpc::CallOptions options;
    options.timeout = seconds(60);
    options.metadata.emplace("authorization", "Bearer " + FormatApiKey(key_));
    options.metadata.emplace("tilts-institution", institution);
    return *channel_->OpenStream(std::string(kService) + "StreamFacts", options);
  }

  static PushFactsRequest BatchOf(const std::vector<intake::v1::Fact>& facts) {
    PushFactsRequest request;
    for (const intake::v1::Fact& fact : facts) *request.add_facts() = fact;
    return request;
  }

  // The next answer, which must come.
  static PushFactsResponse Next(rpc::ClientStream& stream) {
    const auto answer = stream.Receive<PushFactsResponse>();
    EXPECT_TRUE(answer.has_value()) << answer.error().reason;
    EXPECT_TRUE(!answer || answer->has_value()) << "the stream ended early";
    return answer && *answer ? **answer : PushFactsResponse();
  }
  static std::string EndOf(rpc::ClientStream& stream) {
    const auto answer = stream.Receive<PushFactsResponse>();
    if (!answer) return answer.error().reason;
    return *answer ? "an answer" : "";
  }

  MachineTime machine_;
  auth::ApiKey key_ = auth::NewApiKey();
  auth::GrantDirectory::Snapshot snapshot_;
  auth::GrantDirectory grants_{
      {}, [this](std::uint64_t) { return core::Result<auth::GrantDirectory::Snapshot>(snapshot_); }};
  auth::PrincipalVerifier verifier_{"case-intake", {}};
  auth::Gatekeeper gatekeeper_{grants_, verifier_, machine_};
  metrics::Registry metrics_;
  rpc::MethodTable methods_;
  rpc::Executor executor_{"calls", 8, 64, metrics_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<rpc::Channel> channel_;
};

TEST_F(FactStreamTest, EachBatchIsOnTheLogWhenItIsAnsweredInTheOrderSent) {
  const auto stream = Open();
  ASSERT_TRUE(stream->Send(BatchOf({EnrolmentFrom("2025-09-01")})));
  EXPECT_EQ(Next(*stream).accepted(), 1u);
  constexpr int kBatches = 20;
  for (int i = 0; i < kBatches; ++i) {
    const std::string day = "2026-02-" + std::string(i < 9 ? "0" : "") + std::to_string(i + 1);
    ASSERT_TRUE(stream->Send(BatchOf({AttendanceOn(day), AttendanceOn("2026-03-05"), AttendanceOn(day, "PN-NEW")})));
  }
  stream->FinishSending();
  for (int i = 0; i < kBatches; ++i) {
    const PushFactsResponse answer = Next(*stream);
    ASSERT_EQ(answer.results_size(), 3);
    EXPECT_EQ(answer.results(0).event_id(), "event-2026-02-" + std::string(i < 9 ? "0" : "") + std::to_string(i + 1));
    EXPECT_EQ(answer.results(0).status(), intake::v1::FACT_STATUS_ACCEPTED);
    EXPECT_EQ(answer.results(1).violations(0).field(), "facts[1].attendance.day");
    EXPECT_EQ(answer.results(2).status(), intake::v1::FACT_STATUS_HELD);
  }
  EXPECT_EQ(EndOf(*stream), "");
  EXPECT_EQ(EventsOn<facts::v1::AttendanceRecorded>(kLearning).size(), static_cast<std::size_t>(kBatches));
  EXPECT_EQ(Count("held_fact"), kBatches);
  // One audit record a batch, as of single calls.
  EXPECT_EQ(OnTopic(kAudit).size(), static_cast<std::size_t>(kBatches + 1));
}

TEST_F(FactStreamTest, AnotherInstitutionsBatchIsRefusedAndLeavesNothing) {
  const auto stream = Open(kOtherSchool);
  stream->Send(BatchOf({EnrolmentFrom("2025-09-01"), AttendanceOn("2026-02-27")}));
  EXPECT_EQ(EndOf(*stream), "GRANT_MISSING");
  EXPECT_EQ(Count("held_fact"), 0);
  EXPECT_EQ(Count("enrolment"), 0);
  EXPECT_TRUE(OnTopic(kLearning).empty());
}

TEST_F(FactStreamTest, AnOpenStreamIsRefusedOnceTheGrantEnds) {
  const auto stream = Open();
  ASSERT_TRUE(stream->Send(BatchOf({EnrolmentFrom("2025-09-01"), AttendanceOn("2026-02-26")})));
  EXPECT_EQ(Next(*stream).accepted(), 2u);
  clock_.Advance(std::chrono::hours(2));
  stream->Send(BatchOf({AttendanceOn("2026-02-27")}));
  EXPECT_EQ(EndOf(*stream), "GRANT_EXPIRED");
  EXPECT_EQ(EventsOn<facts::v1::AttendanceRecorded>(kLearning).size(), 1u);
}

TEST_F(FactStreamTest, WhatTheBrokerDidNotTakeEndsTheStreamUnansweredAndMayBeSentAgain) {
  auto stream = Open();
  ASSERT_TRUE(stream->Send(BatchOf({EnrolmentFrom("2025-09-01"), AttendanceOn("2026-02-26")})));
  EXPECT_EQ(Next(*stream).accepted(), 2u);
  broker_.broker_down = true;
  stream->Send(BatchOf({AttendanceOn("2026-02-27")}));
  EXPECT_NE(EndOf(*stream), "an answer");
  broker_.broker_down = false;
  stream = Open();
  ASSERT_TRUE(stream->Send(BatchOf({AttendanceOn("2026-02-27")})));
  EXPECT_EQ(Next(*stream).accepted(), 1u);
  EXPECT_EQ(EventsOn<facts::v1::AttendanceRecorded>(kLearning).size(), 2u);
}

TEST_F(FactStreamTest, ABatchThatIsTooLargeEndsTheStreamWithItsFault) {
  const auto stream = Open();
  ASSERT_TRUE(stream->Send(BatchOf({EnrolmentFrom("2025-09-01")})));
  EXPECT_EQ(Next(*stream).accepted(), 1u);
  stream->Send(BatchOf(std::vector<intake::v1::Fact>(1'001, AttendanceOn("2026-02-27"))));
  EXPECT_EQ(EndOf(*stream), "BATCH_SIZE");
  EXPECT_TRUE(EventsOn<facts::v1::AttendanceRecorded>(kLearning).empty());
}

}  // namespace
}  // namespace tilts::case_intake::testing
