#pragma once

#include <gtest/gtest.h>
#include <tilts/operations/v1/operations_service.pb.h>

#include <functional>
#include <memory>
#include <string>

#include "core/clock.hpp"
#include "log/log.hpp"
#include "metrics/metrics.hpp"
#include "rpc/channel.hpp"
#include "rpc/executor.hpp"
#include "rpc/method_table.hpp"
#include "rpc/server.hpp"

namespace tilts::rpc {

using operations::v1::GetStatusRequest;
using operations::v1::GetStatusResponse;
using operations::v1::ListDeadLettersRequest;
using operations::v1::ListDeadLettersResponse;
using operations::v1::RedriveDeadLetterRequest;
using operations::v1::RedriveDeadLetterResponse;

inline constexpr std::string_view kStatus = "tilts.operations.v1.OperationsService/GetStatus";
inline constexpr std::string_view kList = "tilts.operations.v1.OperationsService/ListDeadLetters";
inline constexpr std::string_view kRedrive = "tilts.operations.v1.OperationsService/RedriveDeadLetter";

class StillClock final : public core::CityClock, public core::MachineClock {
 public:
  core::CityTime Now() const override { return core::CityTime(std::chrono::seconds(1'772'400'000)); }
};

// Admits whoever names themselves in "who"; refuses others.
class NamedGatekeeper final : public Gatekeeper {
 public:
  core::Result<auth::Principal> Admit(const google::protobuf::MethodDescriptor&, const Metadata& metadata,
                                      core::CityTime) override {
    if (closed || FirstOf(metadata, "who").empty()) {
      return core::Fail(core::Errc::kUnauthenticated, "send a credential", "CREDENTIAL_MISSING");
    }
    auth::Principal principal;
    principal.client_id = FirstOf(metadata, "who");
    principal.issuer = FirstOf(metadata, "issuer");
    return principal;
  }

  std::atomic<bool> closed{false};
};

// A real server on a free port, with the three operations methods bound to whatever a test wants.
class ServerTest : public ::testing::Test {
 protected:
  using Status = std::function<core::Result<GetStatusResponse>(const CallContext&, const GetStatusRequest&)>;
  using List = std::function<void(const CallContext&, const ListDeadLettersRequest&, Replier<ListDeadLettersResponse>)>;

  void Serve(std::size_t threads = 2, std::size_t queue = 16, std::size_t max_message_bytes = 64 * 1024) {
    methods_.Bind<GetStatusRequest, GetStatusResponse>(std::string(kStatus), status_);
    methods_.BindDeferred<ListDeadLettersRequest, ListDeadLettersResponse>(std::string(kList), list_);
    methods_.Bind<RedriveDeadLetterRequest, RedriveDeadLetterResponse>(
        std::string(kRedrive), [this](const CallContext&, const RedriveDeadLetterRequest& request) {
          RedriveDeadLetterResponse response;
          response.set_processed(request.dead_letter_id().size() + server_->audited_handlers());
          return core::Result<RedriveDeadLetterResponse>(response);
        });
    executor_ = std::make_unique<Executor>("test", threads, queue, metrics_);
    ServerOptions options;
    options.max_message_bytes = max_message_bytes;
    options.default_deadline = std::chrono::milliseconds(600);
    auto server = Server::Start(options, {methods_, *executor_, gatekeeper_, clock_, clock_, log::Silent(), metrics_,
                                          [this](const CallReport& report) { reported_ = std::string(report.code); }});
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = *std::move(server);
    channel_ = std::make_unique<Channel>("127.0.0.1:" + std::to_string(server_->port()));
  }

  static CallOptions As(std::string who, std::chrono::milliseconds timeout = std::chrono::seconds(5)) {
    CallOptions options;
    options.timeout = timeout;
    options.metadata.emplace("who", std::move(who));
    return options;
  }

  core::Result<GetStatusResponse> CallStatus(const CallOptions& options) {
    return channel_->Call<GetStatusResponse>(kStatus, GetStatusRequest(), options);
  }

  Status status_ = [](const CallContext&, const GetStatusRequest&) { return GetStatusResponse(); };
  List list_ = [](const CallContext&, const ListDeadLettersRequest&, Replier<ListDeadLettersResponse> reply) {
    reply.Send(ListDeadLettersResponse());
  };
  StillClock clock_;
  NamedGatekeeper gatekeeper_;
  metrics::Registry metrics_;
  MethodTable methods_;
  std::string reported_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Channel> channel_;
};

}  // namespace tilts::rpc
