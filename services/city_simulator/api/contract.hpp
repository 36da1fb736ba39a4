#pragma once

#include <string>
#include <string_view>

namespace google::protobuf {
class Message;
class MethodDescriptor;
}  // namespace google::protobuf

namespace tilts::city_simulator {

// What the published contracts say of a method: its door, and whether a call leaves an audit record.
struct Method {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::string rpc_path;   // "/tilts.intake.v1.IntakeService/ReportConcern"
  std::string http_verb;  // empty: not reachable over HTTP
  std::string http_path;  // "/v1/reports/{report_id}:complete"
  bool has_body = false;
  bool audited = false;
  bool writes = false;
};

// By full name, "tilts.intake.v1.IntakeService/ReportConcern". An unknown name ends the program: the caller is wrong.
const Method& FindMethod(std::string_view name);

struct HttpCall {
  std::string verb;
  std::string target;  // path and query
  std::string body;    // JSON, empty without one
};
// The request as the annotations of the contract map it: fields of the path, then of the query or the body.
HttpCall Transcode(const Method& method, const google::protobuf::Message& request);

}  // namespace tilts::city_simulator
