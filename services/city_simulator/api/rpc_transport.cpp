#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>

#include "city_simulator/api/transport.hpp"

namespace tilts::city_simulator {
namespace {

int HttpStatusOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK: return 200;
    case grpc::StatusCode::INVALID_ARGUMENT: return 400;
    case grpc::StatusCode::UNAUTHENTICATED: return 401;
    case grpc::StatusCode::PERMISSION_DENIED: return 403;
    case grpc::StatusCode::NOT_FOUND: return 404;
    case grpc::StatusCode::ABORTED:
    case grpc::StatusCode::ALREADY_EXISTS:
    case grpc::StatusCode::FAILED_PRECONDITION: return 409;
    case grpc::StatusCode::RESOURCE_EXHAUSTED: return 429;
    case grpc::StatusCode::UNAVAILABLE: return 503;
    default: return 500;
  }
}

std::string Flatten(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

}  // namespace

struct RpcChannels::Inside {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels;

  std::shared_ptr<grpc::Channel> To(const std::string& address) {
    const std::lock_guard lock(mutex);
    auto& channel = channels[address];
    if (!channel) channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
    return channel;
  }
};

RpcChannels::RpcChannels() : inside_(std::make_unique<Inside>()) {}
RpcChannels::~RpcChannels() = default;

RawAnswer RpcChannels::Send(const std::string& address, const std::string& path, const Caller& caller,
                            const std::string& body) {
  grpc::GenericStub stub(inside_->To(address));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  context.set_wait_for_ready(true);
  if (!caller.key.empty()) context.AddMetadata("authorization", "Bearer " + caller.key);
  if (!caller.institution.empty()) context.AddMetadata("tilts-institution", caller.institution);
  const grpc::Slice slice(body);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  grpc::Status status;
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(&context, path, request, &queue);
  call->StartCall();
  call->Finish(&response, &status, &queue);
  void* tag = nullptr;
  bool finished = false;
  queue.Next(&tag, &finished);
  RawAnswer answer;
  answer.status = HttpStatusOf(status.error_code());
  if (status.ok()) {
    answer.body = Flatten(response);
  } else {
    answer.body = status.error_message();
    answer.trouble = status.error_message();
  }
  return answer;
}

}  // namespace tilts::city_simulator
