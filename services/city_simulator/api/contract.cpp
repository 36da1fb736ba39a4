#include "city_simulator/api/contract.hpp"

#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>
#include <tilts/options/v1/options.pb.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace tilts::city_simulator {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

Method Describe(std::string_view name) {
  std::string dotted(name);
  std::replace(dotted.begin(), dotted.end(), '/', '.');
  Method method;
  method.descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(dotted);
  if (method.descriptor == nullptr) {
    std::fprintf(stderr, "the contracts have no method %s\n", dotted.c_str());
    std::abort();
  }
  method.rpc_path = "/" + std::string(name);
  const auto& options = method.descriptor->options();
  const auto duty = options.GetExtension(options::v1::access).audit();
  method.audited = duty == options::v1::AUDIT_DUTY_READ || duty == options::v1::AUDIT_DUTY_WRITE;
  method.writes = duty == options::v1::AUDIT_DUTY_WRITE;
  if (options.HasExtension(google::api::http)) {
    const google::api::HttpRule& rule = options.GetExtension(google::api::http);
    const std::vector<std::pair<const char*, const std::string*>> verbs = {
        {"GET", &rule.get()}, {"POST", &rule.post()}, {"PUT", &rule.put()}, {"DELETE", &rule.delete_()}};
    for (const auto& [verb, path] : verbs) {
      if (!path->empty()) method.http_verb = verb, method.http_path = *path;
    }
    method.has_body = !rule.body().empty();
  }
  return method;
}

std::string Escape(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string escaped;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || letter == '-' || letter == '_' || letter == '.' || letter == '~') {
      escaped += letter;
    } else {
      escaped += '%';
      escaped += kDigits[byte >> 4U];
      escaped += kDigits[byte & 15U];
    }
  }
  return escaped;
}

// Only what requests of this API carry in paths and queries: texts, numbers, truths and codes.
std::string ScalarText(const Message& message, const FieldDescriptor* field) {
  const auto* reflection = message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: return reflection->GetString(message, field);
    case FieldDescriptor::CPPTYPE_UINT32: return std::to_string(reflection->GetUInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT64: return std::to_string(reflection->GetUInt64(message, field));
    case FieldDescriptor::CPPTYPE_BOOL: return reflection->GetBool(message, field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_ENUM: return reflection->GetEnum(message, field)->name();
    default: return {};
  }
}

}  // namespace

const Method& FindMethod(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, Method, std::less<>> known;
  const std::lock_guard lock(mutex);
  auto found = known.find(name);
  if (found == known.end()) found = known.emplace(name, Describe(name)).first;
  return found->second;
}

HttpCall Transcode(const Method& method, const Message& request) {
  HttpCall call{method.http_verb, {}, {}};
  const std::unique_ptr<Message> rest(request.New());
  rest->CopyFrom(request);
  std::string_view path = method.http_path;
  while (!path.empty()) {
    const std::size_t open = path.find('{');
    call.target += path.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = path.find('}', open);
    const FieldDescriptor* field =
        request.GetDescriptor()->FindFieldByName(std::string(path.substr(open + 1, close - open - 1)));
    call.target += Escape(ScalarText(request, field));
    rest->GetReflection()->ClearField(rest.get(), field);
    path.remove_prefix(close + 1);
  }
  if (method.has_body) {
    google::protobuf::util::JsonPrintOptions print;
    print.preserve_proto_field_names = true;
    (void)google::protobuf::util::MessageToJsonString(*rest, &call.body, print);
    return call;
  }
  std::vector<const FieldDescriptor*> fields;
  rest->GetReflection()->ListFields(*rest, &fields);
  for (const FieldDescriptor* field : fields) {
    call.target += (call.target.find('?') == std::string::npos ? "?" : "&") + field->name() + "=" +
                   Escape(ScalarText(*rest, field));
  }
  return call;
}

}  // namespace tilts::city_simulator
