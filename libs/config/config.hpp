#pragma once

#include <tilts/config/v1/config.pb.h>

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace tilts::config {

using v1::ServiceConfig;

// TILTS_* variables of the process, name to value.
using Environment = std::map<std::string, std::string>;
Environment ProcessEnvironment();

// Strict JSON, then the overrides, then defaults, then bounds (the proto's `bounds` options). Whatever is wrong is
// named with its path; several faults come as violations of one kInvalid.
//
// Overrides: TILTS_POSTGRES__HOST=db1 sets postgres.host, TILTS_KAFKA__BROKERS=a:9092,b:9092 a list,
// TILTS_PEERS__CASE_INTAKE=host:port the map entry "case-intake", TILTS_ENVIRONMENT=test a top-level value. A variable
// with "__" that names nothing is refused; one without "__" that names nothing belongs to somebody else.
core::Result<ServiceConfig> Parse(std::string_view json, const Environment& overrides);
core::Result<ServiceConfig> LoadFile(const std::string& path, const Environment& overrides);

// Refuses, with the path, when a section the service needs is absent: Require(config, {"postgres", "kafka"}).
core::Status Require(const ServiceConfig& config, const std::vector<std::string_view>& sections);

// `direct` (from the environment) if set, else the first line of `file`, else empty. A file that cannot be read is an
// error that names `what`, never the secret.
core::Result<std::string> Secret(std::string_view what, const std::string& direct, const std::string& file);

// host:port of a peer's gRPC server; kInvalid that names the missing key.
core::Result<std::string> Peer(const ServiceConfig& config, const std::string& service);

std::chrono::microseconds ToChrono(const google::protobuf::Duration& duration);

}  // namespace tilts::config
