#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.hpp"
#include "gateway/app/route_pattern.hpp"

namespace google::protobuf {
class FieldDescriptor;
class FileDescriptor;
class MethodDescriptor;
}  // namespace google::protobuf

namespace tilts::gateway {

enum class BodyUse { kNone, kWhole, kField };

// One HTTP method and path that stands for one RPC.
struct Route {
  std::string http_method;
  RoutePattern pattern;
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string rpc_name;  // "tilts.intake.v1.IntakeService/ReportConcern"
  std::string service;   // "case-intake"
  BodyUse body = BodyUse::kNone;
  const google::protobuf::FieldDescriptor* body_field = nullptr;
  // The request's `wait_seconds`, if it has one: such a call may be a long poll.
  const google::protobuf::FieldDescriptor* wait_field = nullptr;
  // The body is CloudEvents (app/cloud_events.hpp) instead of the request's JSON.
  bool cloud_events = false;
};

struct RouteMatch {
  const Route* route = nullptr;
  PathVariables variables;
};
struct NoRoute {};
struct OtherMethods {
  std::string allowed;  // "GET, PUT": the value of the Allow header
};
using RouteAnswer = std::variant<RouteMatch, NoRoute, OtherMethods>;

// Every RPC of the linked contracts that has a google.api.http rule, and POST /v1/events in front of PushFacts.
class RouteTable {
 public:
  // kInvalid for what would only fail at the first call: a template that cannot be parsed, a variable
  // or body that is no field, two routes of one shape, a contract nobody serves.
  static core::Result<RouteTable> Build(const std::vector<const google::protobuf::FileDescriptor*>& contracts);

  RouteAnswer Find(std::string_view http_method, const RequestPath& path) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  core::Status AddMethod(const google::protobuf::MethodDescriptor& method);
  core::Status AddEvents(const google::protobuf::MethodDescriptor& method);
  core::Status Add(Route route, const std::string& body);

  std::vector<Route> routes_;  // most specific first
};

// Which service serves a contract, by its package: "tilts.intake.v1" -> "case-intake"; empty: nobody.
std::string_view ServiceOf(std::string_view proto_package);

}  // namespace tilts::gateway
