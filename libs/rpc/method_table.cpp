#include "rpc/method_table.hpp"

#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <tilts/options/v1/options.pb.h>

#include <map>
#include <set>

#include "core/concat.hpp"

namespace tilts::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

const MethodDescriptor* FindContract(const std::string& name) {
  return DescriptorPool::generated_pool()->FindMethodByName(absl::StrReplaceAll(name, {{"/", "."}}));
}

std::string NameOf(const MethodDescriptor& method) {
  return core::Concat(method.service()->full_name(), "/", method.name());
}

}  // namespace

struct MethodTable::Parts {
  std::map<std::string, Method, std::less<>> methods;
  std::vector<std::string> faults;
};

MethodTable::MethodTable() : parts_(std::make_unique<Parts>()) {}
MethodTable::~MethodTable() = default;

void MethodTable::Add(std::string name, const Descriptor* request, const Descriptor* response, Shape shape,
                      Handler handler) {
  const MethodDescriptor* contract = FindContract(name);
  if (contract == nullptr) {
    parts_->faults.push_back(core::Concat(name, " is in no contract"));
    return;
  }
  if (contract->input_type() != request || contract->output_type() != response) {
    parts_->faults.push_back(core::Concat(name, " is bound with other messages than its contract names"));
  }
  if (contract->client_streaming() != contract->server_streaming()) {
    parts_->faults.push_back(core::Concat(name, " streams one way: only unary methods and both ways are served"));
  } else if (contract->client_streaming() != (shape == Shape::kStream)) {
    parts_->faults.push_back(
        core::Concat(name, shape == Shape::kStream ? " does not stream: use Bind" : " streams: use BindStream"));
  }
  const auto [entry, fresh] =
      parts_->methods.try_emplace(name, Method{name, contract, std::move(handler), shape == Shape::kStream});
  if (!fresh) parts_->faults.push_back(core::Concat(name, " is bound twice"));
}

void MethodTable::BindRaw(std::string name, Handler handler) {
  const MethodDescriptor* contract = FindContract(name);
  const bool streams = contract != nullptr && contract->client_streaming();
  Add(std::move(name), contract == nullptr ? nullptr : contract->input_type(),
      contract == nullptr ? nullptr : contract->output_type(), streams ? Shape::kStream : Shape::kUnary,
      std::move(handler));
}

core::Status MethodTable::ParseRequest(std::string_view bytes, google::protobuf::Message& request) {
  if (request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return {};
  return core::Fail(core::Errc::kInvalid, "send the method's request message with valid UTF-8 text", "REQUEST_BYTES");
}

const MethodTable::Method* MethodTable::Find(std::string_view path) const {
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  const auto entry = parts_->methods.find(path);
  return entry == parts_->methods.end() ? nullptr : &entry->second;
}

std::vector<const MethodTable::Method*> MethodTable::All() const {
  std::vector<const Method*> all;
  for (const auto& [name, method] : parts_->methods) all.push_back(&method);
  return all;
}

core::Status MethodTable::Check() const {
  std::vector<std::string> faults = parts_->faults;
  std::set<const ServiceDescriptor*> services;
  for (const auto& [name, method] : parts_->methods) services.insert(method.descriptor->service());
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor& method = *service->method(i);
      const std::string name = NameOf(method);
      if (!parts_->methods.contains(name)) faults.push_back(core::Concat(name, " is not bound"));
      if (method.options().GetExtension(options::v1::access).audit() == options::v1::AUDIT_DUTY_UNSPECIFIED) {
        faults.push_back(core::Concat(name, " has no (tilts.options.v1.access) option with an audit duty"));
      }
    }
  }
  if (faults.empty()) return {};
  return core::Fail(core::Errc::kInternal, absl::StrJoin(faults, "; "), "METHOD_TABLE");
}

}  // namespace tilts::rpc
