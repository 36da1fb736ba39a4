#include "rpc/server.hpp"

#include <google/protobuf/wrappers.pb.h>
#include <grpc/support/time.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/concat.hpp"
#include "rpc/error_codec.hpp"
#include "rpc/grpc_status.hpp"
#include "rpc/server_call.hpp"
#include "rpc/server_stream.hpp"

namespace tilts::rpc {
namespace {

using internal::CallBook;
using internal::ServerCall;
using internal::ServerStream;
using internal::StreamLimits;

constexpr std::string_view kHealthCheck = "/grpc.health.v1.Health/Check";

// A client without a deadline has one far in the future.
std::optional<Deadline> DeadlineOf(const grpc::GenericCallbackServerContext& context) {
  const gpr_timespec limit = gpr_convert_clock_type(context.raw_deadline(), GPR_CLOCK_MONOTONIC);
  const double left = gpr_timespec_to_micros(gpr_time_sub(limit, gpr_now(GPR_CLOCK_MONOTONIC)));
  constexpr double kTooFar = 3600e6;
  if (left > kTooFar) return std::nullopt;
  return std::chrono::steady_clock::now() + std::chrono::microseconds(static_cast<std::int64_t>(left));
}

Metadata MetadataOf(const grpc::GenericCallbackServerContext& context) {
  Metadata metadata;
  for (const auto& [key, value] : context.client_metadata()) {
    metadata.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
  }
  return metadata;
}

// One call on the wire. Hands the request over and returns: gRPC has very few threads of its own. Deletes itself when
// gRPC is done with it, which it is only after an answer.
class Reactor final : public grpc::ServerGenericBidiReactor, public internal::Transport {
 public:
  Reactor(std::shared_ptr<CallBook> book, grpc::GenericCallbackServerContext& context,
          const MethodTable::Method& method, std::chrono::milliseconds default_deadline)
      : context_(context), book_(std::move(book)), call_(std::make_shared<ServerCall>(book_, *this, method)) {
    call_->metadata = MetadataOf(context);
    call_->deadline = DeadlineOf(context).value_or(std::chrono::steady_clock::now() + default_deadline);
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return call_->Cancel();
    call_->request = internal::ToString(request_);
    request_.Clear();
    book_->Accept(call_);
  }
  void OnCancel() override { call_->Cancel(); }
  void OnDone() override { delete this; }

  void Answer(const core::Result<std::string>& answer) override {
    if (!answer) {
      context_.AddTrailingMetadata(std::string(kErrorMetadata), EncodeError(answer.error()));
      return Finish(internal::ToGrpcStatus(answer.error()));
    }
    response_ = internal::ToByteBuffer(*answer);
    StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
  }

 private:
  grpc::GenericCallbackServerContext& context_;
  const std::shared_ptr<CallBook> book_;
  const std::shared_ptr<ServerCall> call_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
};

// One stream on the wire.
class StreamReactor final : public grpc::ServerGenericBidiReactor, public internal::StreamTransport {
 public:
  StreamReactor(std::shared_ptr<CallBook> book, grpc::GenericCallbackServerContext& context,
                const MethodTable::Method& method, const StreamLimits& limits)
      : context_(context), stream_(std::make_shared<ServerStream>(std::move(book), *this, method, limits)) {
    stream_->metadata = MetadataOf(context);
    stream_->deadline = DeadlineOf(context);
    stream_->Open();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return stream_->SendersEnd();
    std::string message = internal::ToString(incoming_);
    incoming_.Clear();
    stream_->Arrived(std::move(message));
  }
  void OnWriteDone(bool ok) override { stream_->Written(ok); }
  void OnCancel() override { stream_->Cancelled(); }
  void OnDone() override { delete this; }

  void Read() override { StartRead(&incoming_); }
  void Write(const std::string& message) override {
    outgoing_ = internal::ToByteBuffer(message);
    StartWrite(&outgoing_);
  }
  void Finish(const core::Status& status) override {
    if (status) return ServerBidiReactor::Finish(grpc::Status::OK);
    context_.AddTrailingMetadata(std::string(kErrorMetadata), EncodeError(status.error()));
    ServerBidiReactor::Finish(internal::ToGrpcStatus(status.error()));
  }

 private:
  grpc::GenericCallbackServerContext& context_;
  const std::shared_ptr<ServerStream> stream_;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;
};

// grpc.health.v1.Health/Check, answered at once on gRPC's thread. Its messages have one field each, number 1: a string
// and an enum, which read and write like the wrapper types.
class HealthReactor final : public grpc::ServerGenericBidiReactor {
 public:
  explicit HealthReactor(const std::atomic<bool>& ready) : ready_(ready) { StartRead(&request_); }

  void OnReadDone(bool ok) override {
    google::protobuf::StringValue service;
    if (!ok || !service.ParseFromString(internal::ToString(request_))) {
      return Finish({grpc::StatusCode::INVALID_ARGUMENT, "send a HealthCheckRequest"});
    }
    const bool known = service.value().empty() || service.value() == "readiness" || service.value() == "liveness";
    if (!known) return Finish({grpc::StatusCode::NOT_FOUND, "ask for readiness or liveness"});
    constexpr int kServing = 1;
    constexpr int kNotServing = 2;
    google::protobuf::Int32Value status;
    status.set_value(service.value() == "liveness" || ready_ ? kServing : kNotServing);
    response_ = internal::ToByteBuffer(status.SerializeAsString());
    StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  const std::atomic<bool>& ready_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
};

class UnknownMethodReactor final : public grpc::ServerGenericBidiReactor {
 public:
  UnknownMethodReactor() { Finish({grpc::StatusCode::UNIMPLEMENTED, "no such method"}); }
  void OnDone() override { delete this; }
};

class GenericService final : public grpc::CallbackGenericService {
 public:
  GenericService(std::shared_ptr<CallBook> book, const std::atomic<bool>& ready, const ServerOptions& options)
      : book_(std::move(book)),
        ready_(ready),
        limits_{options.stream_messages_at_once, options.most_streams, options.stream_idle, options.default_deadline} {}

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    if (context->method() == kHealthCheck) return new HealthReactor(ready_);
    const MethodTable::Method* method = book_->parts().methods.Find(context->method());
    if (method == nullptr) return new UnknownMethodReactor();
    if (method->streams) return new StreamReactor(book_, *context, *method, limits_);
    return new Reactor(book_, *context, *method, limits_.default_deadline);
  }

 private:
  const std::shared_ptr<CallBook> book_;
  const std::atomic<bool>& ready_;
  const StreamLimits limits_;
};

}  // namespace

struct Server::Parts {
  std::shared_ptr<CallBook> book;
  std::atomic<bool> ready{false};
  std::unique_ptr<GenericService> service;
  std::unique_ptr<grpc::Server> server;
  int port = 0;

  // Answers calls whose handler does not, once their deadline has passed.
  std::mutex mutex;
  std::condition_variable stop_sweeping;
  bool stopped = false;
  std::thread sweeper;

  void Sweep() {
    std::unique_lock lock(mutex);
    while (!stop_sweeping.wait_for(lock, std::chrono::milliseconds(250), [this] { return stopped; })) {
      book->ExpireCalls(std::chrono::steady_clock::now());
    }
  }
};

core::Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, ServerParts parts) {
  TILTS_CHECK(parts.methods.Check());
  internal::QuietGrpc();
  auto inside = std::make_unique<Parts>();
  inside->book = std::make_shared<CallBook>(std::move(parts));
  inside->service = std::make_unique<GenericService>(inside->book, inside->ready, options);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(core::Concat(options.address, ":", options.port), grpc::InsecureServerCredentials(),
                           &inside->port);
  // Shared ports are gRPC's default: a second server would start without a word and take half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  builder.SetMaxSendMessageSize(static_cast<int>(options.max_message_bytes));
  builder.RegisterCallbackGenericService(inside->service.get());
  inside->server = builder.BuildAndStart();
  if (inside->server == nullptr || inside->port == 0) {
    return core::Fail(core::Errc::kUnavailable,
                      core::Concat("cannot listen on ", options.address, ":", options.port, ": choose a free rpc.port"),
                      "RPC_PORT");
  }
  inside->sweeper = std::thread([sweeping = inside.get()] { sweeping->Sweep(); });
  return std::unique_ptr<Server>(new Server(std::move(inside)));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  Shutdown(std::chrono::milliseconds(0));
}

int Server::port() const {
  return parts_->port;
}
void Server::SetReady(bool ready) {
  parts_->ready = ready;
}
std::size_t Server::open_calls() const {
  return parts_->book->open_calls();
}
std::size_t Server::audited_handlers() const {
  return parts_->book->audited_handlers();
}

void Server::Shutdown(std::chrono::milliseconds patience) {
  {
    const std::lock_guard lock(parts_->mutex);
    if (parts_->stopped) return;
    parts_->stopped = true;
  }
  parts_->stop_sweeping.notify_all();
  parts_->sweeper.join();
  SetReady(false);
  parts_->book->RefuseNewCalls();
  parts_->book->WaitUntilEmpty(patience);
  const core::Error stopping{
      core::Errc::kUnavailable, "the service stopped before it answered: ask again", "STOPPING", {}, 1};
  parts_->book->AnswerAll(stopping);
  // Every call is answered, or will be by the refusal above, so this ends by itself; the limit is for what gRPC holds.
  parts_->server->Shutdown(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(500, GPR_TIMESPAN)));
}

}  // namespace tilts::rpc
