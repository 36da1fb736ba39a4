#include "rpc/channel.hpp"

#include <google/protobuf/message.h>
#include <grpc/support/time.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>

#include "core/concat.hpp"
#include "rpc/channel_parts.hpp"
#include "rpc/error_codec.hpp"
#include "rpc/grpc_status.hpp"
#include "rpc/trace_context.hpp"

namespace tilts::rpc {
namespace {

// gRPC aborts the process on metadata it cannot send, so it is checked here.
bool Sendable(const std::string& key, const std::string& value) {
  const bool good_key = !key.empty() && std::all_of(key.begin(), key.end(), [](char character) {
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') || character == '-' ||
           character == '_' || character == '.';
  });
  if (!good_key) return false;
  if (key.ends_with("-bin")) return true;
  return std::all_of(value.begin(), value.end(), [](char character) { return character >= 0x20 && character <= 0x7e; });
}

grpc::ChannelArguments ArgumentsOf(const ChannelOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  arguments.SetMaxSendMessageSize(static_cast<int>(options.max_message_bytes));
  // gRPC's own back-off reaches two minutes; a peer that answers again must be found within a second.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // Not a back-off, whatever its name: how long one try to connect may take.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  // Each Channel has its own connection: a shared one would outlive its owner in gRPC's global pool.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

}  // namespace

namespace internal {

core::Status Prepare(grpc::ClientContext& context, const CallOptions& options) {
  if (options.timeout <= std::chrono::milliseconds(0)) {
    return core::Fail(core::Errc::kTimeout, "no time is left for this call", "DEADLINE");
  }
  const auto micros = std::chrono::microseconds(options.timeout).count();
  context.set_deadline(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_micros(micros, GPR_TIMESPAN)));
  context.set_wait_for_ready(options.wait_for_ready);
  for (const auto& [key, value] : options.metadata) {
    if (!Sendable(key, value)) {
      return core::Fail(core::Errc::kInvalid, "metadata keys are lower case and values printable ASCII", "METADATA");
    }
    context.AddMetadata(key, value);
  }
  if (IsTraceparent(options.traceparent)) context.AddMetadata("traceparent", options.traceparent);
  if (!options.call_id.empty() && Sendable("tilts-call-id", options.call_id)) {
    context.AddMetadata("tilts-call-id", options.call_id);
  }
  return {};
}

core::Error ErrorOf(const grpc::ClientContext& context, const grpc::Status& status, bool stopping) {
  if (stopping) {
    return {core::Errc::kUnavailable, "this service is stopping: try another replica", "STOPPING", {}, 0};
  }
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto entry = trailers.find(grpc::string_ref(kErrorMetadata.data(), kErrorMetadata.size()));
  if (entry != trailers.end()) {
    if (auto detail = DecodeError({entry->second.data(), entry->second.size()})) return *std::move(detail);
  }
  return FromGrpcStatus(status);
}

}  // namespace internal

CallOptions CallOptions::Within(const CallContext& call, std::chrono::milliseconds at_most) {
  CallOptions options;
  options.timeout = std::min(call.Remaining(), at_most);
  options.traceparent = call.traceparent;
  options.call_id = call.call_id;
  return options;
}

Channel::Parts::Parts(const std::string& target, const ChannelOptions& options)
    : channel(grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), ArgumentsOf(options))),
      stub(channel) {}

Channel::Channel(const std::string& target, ChannelOptions options) {
  internal::QuietGrpc();
  parts_ = std::make_unique<Parts>(target, options);
}

Channel::~Channel() = default;

void Channel::Cancel() {
  const std::lock_guard lock(parts_->mutex);
  parts_->cancelled = true;
  for (grpc::ClientContext* context : parts_->in_flight) context->TryCancel();
}

core::Result<std::string> Channel::CallRaw(std::string_view method, std::string_view request,
                                           const CallOptions& options) {
  grpc::ClientContext context;
  TILTS_CHECK(internal::Prepare(context, options));
  grpc::CompletionQueue queue;
  grpc::ByteBuffer response;
  grpc::Status status;
  const auto call =
      parts_->stub.PrepareUnaryCall(&context, core::Concat("/", method), internal::ToByteBuffer(request), &queue);
  call->StartCall();
  const InFlight in_flight(*parts_, context);
  call->Finish(&response, &status, &context);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) continue;
  if (!status.ok()) return core::Fail(internal::ErrorOf(context, status, in_flight.cancelled()));
  return internal::ToString(response);
}

core::Status Channel::CallInto(std::string_view method, const google::protobuf::Message& request,
                               google::protobuf::Message& response, const CallOptions& options) {
  std::string bytes;
  if (!request.SerializeToString(&bytes)) return core::Fail(core::Errc::kInternal, "the request could not be written");
  TILTS_ASSIGN(const std::string answer, CallRaw(method, bytes, options));
  if (!response.ParseFromString(answer)) {
    return core::Fail(core::Errc::kCorrupt, "the peer's answer cannot be read: are both sides of one version?");
  }
  return {};
}

}  // namespace tilts::rpc
