#include "city_simulator/api/api.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <nlohmann/json.hpp>

#include "city_simulator/api/contract.hpp"
#include "city_simulator/scan/scanner.hpp"

namespace tilts::city_simulator {

Api::Api(Doors doors, Scanner& scanner) : doors_(std::move(doors)), scanner_(scanner) {}

Called Api::Judge(const RawAnswer& raw, std::string_view where) {
  Called called{raw.status, {}, {}};
  ++calls_;
  if (called.ok()) return called;
  called.text = raw.status == 0 ? raw.trouble : raw.body;
  scanner_.Look("error", where, called.text);
  const auto problem = nlohmann::json::parse(called.text, nullptr, false);
  if (problem.is_object()) {
    for (const char* name : {"reason", "code", "title"}) {
      if (called.problem.empty() && problem.contains(name) && problem[name].is_string()) called.problem = problem[name];
    }
  }
  if (called.problem.empty()) called.problem = called.text.substr(0, called.text.find(':'));
  return called;
}

Called Api::Call(const Caller& caller, std::string_view name, const google::protobuf::Message& request,
                 google::protobuf::Message* response, Door door) {
  const Method& method = FindMethod(name);
  RawAnswer raw;
  if (door == Door::kHttp) {
    const HttpCall call = Transcode(method, request);
    scanner_.Look("url", call.target, call.target);
    raw = SendHttp(call.verb, doors_.gateway + call.target, caller, call.body);
  } else {
    raw = channels_.Send(doors_.rpc_services.at(method.descriptor->service()->full_name()), method.rpc_path, caller,
                         request.SerializeAsString());
  }
  return Finish(raw, name, door, response);
}

Called Api::Post(const Caller& caller, const std::string& path, const char* content_type, const std::string& body,
                 std::string_view method, google::protobuf::Message* response) {
  scanner_.Look("url", path, path);
  return Finish(SendHttp("POST", doors_.gateway + path, caller, body, content_type), method, Door::kHttp, response);
}

Called Api::Finish(const RawAnswer& raw, std::string_view name, Door door, google::protobuf::Message* response) {
  Called called = Judge(raw, name);
  if (!called.ok()) return called;
  if (FindMethod(name).audited) ++audited_calls_;
  if (response == nullptr) return called;
  google::protobuf::util::JsonParseOptions lenient;
  lenient.ignore_unknown_fields = true;
  const bool read = door == Door::kRpc ? response->ParseFromString(raw.body)
                                       : google::protobuf::util::JsonStringToMessage(raw.body, response, lenient).ok();
  if (!read) return {0, "ANSWER_UNREADABLE", "the answer of " + std::string(name) + " does not fit its contract"};
  return called;
}

Called Api::Get(const Caller& caller, const std::string& path, nlohmann::json* answer) {
  scanner_.Look("url", path, path);
  const RawAnswer raw = SendHttp("GET", doors_.gateway + path, caller, {});
  Called called = Judge(raw, path);
  if (called.ok() && answer != nullptr) {
    *answer = nlohmann::json::parse(raw.body, nullptr, false);
    if (answer->is_discarded()) return {0, "ANSWER_UNREADABLE", path + " did not answer JSON"};
  }
  return called;
}

}  // namespace tilts::city_simulator
