#include "rpc/grpc_status.hpp"

#include <grpc/support/log.h>
#include <grpcpp/support/slice.h>

#include <vector>

namespace tilts::rpc::internal {

using core::Errc;

grpc::StatusCode ToGrpcCode(Errc code) {
  switch (code) {
    case Errc::kInvalid: return grpc::StatusCode::INVALID_ARGUMENT;
    case Errc::kNotFound: return grpc::StatusCode::NOT_FOUND;
    case Errc::kAlreadyExists: return grpc::StatusCode::ALREADY_EXISTS;
    case Errc::kRefused: return grpc::StatusCode::FAILED_PRECONDITION;
    case Errc::kDenied: return grpc::StatusCode::PERMISSION_DENIED;
    case Errc::kUnauthenticated: return grpc::StatusCode::UNAUTHENTICATED;
    case Errc::kConflict: return grpc::StatusCode::ABORTED;
    case Errc::kUnavailable: return grpc::StatusCode::UNAVAILABLE;
    case Errc::kTimeout: return grpc::StatusCode::DEADLINE_EXCEEDED;
    case Errc::kOverloaded: return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case Errc::kCorrupt: return grpc::StatusCode::DATA_LOSS;
    case Errc::kInternal: return grpc::StatusCode::INTERNAL;
  }
  return grpc::StatusCode::INTERNAL;
}

grpc::Status ToGrpcStatus(const core::Error& error) {
  return {ToGrpcCode(error.code), error.message};
}

core::Error FromGrpcStatus(const grpc::Status& status) {
  for (const Errc code :
       {Errc::kInvalid, Errc::kNotFound, Errc::kAlreadyExists, Errc::kRefused, Errc::kDenied, Errc::kUnauthenticated,
        Errc::kConflict, Errc::kUnavailable, Errc::kTimeout, Errc::kOverloaded, Errc::kCorrupt}) {
    if (ToGrpcCode(code) == status.error_code()) return {code, status.error_message(), {}, {}, 0};
  }
  // A call cancelled underway may have taken effect, like one whose peer went away.
  if (status.error_code() == grpc::StatusCode::CANCELLED)
    return {Errc::kUnavailable, "the call was cancelled", {}, {}, 0};
  return {Errc::kInternal, status.error_message(), {}, {}, 0};
}

void QuietGrpc() {
  gpr_set_log_function([](gpr_log_func_args*) {});
}

grpc::ByteBuffer ToByteBuffer(std::string_view bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return {&slice, 1};
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  std::string bytes;
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

}  // namespace tilts::rpc::internal
