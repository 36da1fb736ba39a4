#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace tilts::rpc::internal {

// The one mapping of core::Errc to gRPC.
grpc::StatusCode ToGrpcCode(core::Errc code);
grpc::Status ToGrpcStatus(const core::Error& error);

// For peers that sent no error detail: proxies, gRPC itself.
core::Error FromGrpcStatus(const grpc::Status& status);

// gRPC's own lines on standard error are no JSON and name addresses.
void QuietGrpc();

grpc::ByteBuffer ToByteBuffer(std::string_view bytes);
std::string ToString(const grpc::ByteBuffer& buffer);

}  // namespace tilts::rpc::internal
