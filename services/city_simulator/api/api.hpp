#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "city_simulator/api/transport.hpp"

namespace google::protobuf {
class Message;
}

namespace tilts::city_simulator {

class Scanner;

struct Called {
  int status = 0;
  std::string problem;  // the code of a refusal, e.g. "REFERRAL_STATE"; empty when the call was good
  std::string text;     // the whole refusal

  bool ok() const { return status >= 200 && status < 300; }
};

// The doors of Tilts as published: HTTP through the gateway, gRPC at the owning services. Every URL and every refusal
// passes the scanner; every call that has to leave an audit record is counted. Thread-safe.
class Api {
 public:
  struct Doors {
    std::string gateway;                              // "http://127.0.0.1:17010"
    std::map<std::string, std::string> rpc_services;  // "tilts.intake.v1.IntakeService" -> address
  };

  Api(Doors doors, Scanner& scanner);

  enum class Door { kHttp, kRpc };
  // An answer that came from no door at all ends in status 0.
  Called Call(const Caller& caller, std::string_view method, const google::protobuf::Message& request,
              google::protobuf::Message* response, Door door = Door::kHttp);
  // A body of another form at a path that leads to the RPC all the same, such as a batch of CloudEvents.
  Called Post(const Caller& caller, const std::string& path, const char* content_type, const std::string& body,
              std::string_view method, google::protobuf::Message* response);
  // A path that is not an RPC, such as /v1/status.
  Called Get(const Caller& caller, const std::string& path, nlohmann::json* answer);

  // Calls that must have left one audit record each.
  std::uint64_t audited_calls() const { return audited_calls_; }
  std::uint64_t calls() const { return calls_; }
  const Doors& doors() const { return doors_; }

 private:
  Called Finish(const RawAnswer& raw, std::string_view name, Door door, google::protobuf::Message* response);
  Called Judge(const RawAnswer& raw, std::string_view where);

  const Doors doors_;
  Scanner& scanner_;
  RpcChannels channels_;
  std::atomic<std::uint64_t> audited_calls_{0};
  std::atomic<std::uint64_t> calls_{0};
};

}  // namespace tilts::city_simulator
