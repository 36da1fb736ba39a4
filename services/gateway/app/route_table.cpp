#include "gateway/app/route_table.hpp"

#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <set>

#include "wire/field_value.hpp"

namespace tilts::gateway {
namespace {

namespace pb = google::protobuf;

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kOwners = {{
    {"tilts.intake.v1", "case-intake"},
    {"tilts.referrals.v1", "referral-routing"},
    {"tilts.registry.v1", "registry"},
    {"tilts.notification.v1", "notification"},
    {"tilts.audit.v1", "audit"},
    {"tilts.risk.v1", "risk-scoring"},
    {"tilts.indicators.v1", "indicator-aggregation"},
}};

constexpr char kFactMethod[] = "tilts.intake.v1.FactService.PushFacts";
constexpr char kEventPath[] = "/v1/events";

tl::unexpected<core::Error> Refuse(const std::string& rpc, std::string_view what) {
  return core::Fail(core::Errc::kInvalid, "The HTTP rule of " + rpc + ": " + std::string(what), "ROUTE_RULE");
}

std::pair<std::string, std::string> MethodAndPath(const google::api::HttpRule& rule) {
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet: return {"GET", rule.get()};
    case google::api::HttpRule::kPut: return {"PUT", rule.put()};
    case google::api::HttpRule::kPost: return {"POST", rule.post()};
    case google::api::HttpRule::kDelete: return {"DELETE", rule.delete_()};
    case google::api::HttpRule::kPatch: return {"PATCH", rule.patch()};
    case google::api::HttpRule::kCustom: return {rule.custom().kind(), rule.custom().path()};
    case google::api::HttpRule::PATTERN_NOT_SET: break;
  }
  return {};
}

// A variable names a scalar, possibly inside messages.
bool IsSettable(const pb::Descriptor* type, std::string_view path) {
  while (type != nullptr) {
    const std::size_t dot = path.find('.');
    const pb::FieldDescriptor* field = type->FindFieldByName(std::string(path.substr(0, dot)));
    if (field == nullptr || field->is_repeated()) return false;
    if (dot == std::string_view::npos) return wire::IsTextValue(*field);
    type = field->message_type();
    path.remove_prefix(dot + 1);
  }
  return false;
}

}  // namespace

std::string_view ServiceOf(std::string_view proto_package) {
  for (const auto& [package, service] : kOwners) {
    if (package == proto_package) return service;
  }
  return {};
}

core::Result<RouteTable> RouteTable::Build(const std::vector<const pb::FileDescriptor*>& contracts) {
  RouteTable table;
  for (const pb::FileDescriptor* file : contracts) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        TILTS_CHECK(table.AddMethod(*file->service(s)->method(m)));
      }
    }
  }
  std::set<std::string> shapes;
  for (const Route& route : table.routes_) {
    if (!shapes.insert(route.http_method + ' ' + route.pattern.Shape()).second) {
      return Refuse(route.rpc_name, "another RPC has the same method and path.");
    }
  }
  std::stable_sort(table.routes_.begin(), table.routes_.end(),
                   [](const Route& a, const Route& b) { return a.pattern.MoreSpecificThan(b.pattern); });
  return table;
}

core::Status RouteTable::AddMethod(const pb::MethodDescriptor& method) {
  if (!method.options().HasExtension(google::api::http)) return {};
  if (method.client_streaming() || method.server_streaming()) {
    return Refuse(method.full_name(), "a stream has no place in one HTTP answer.");
  }
  const google::api::HttpRule& rule = method.options().GetExtension(google::api::http);
  std::vector<const google::api::HttpRule*> rules = {&rule};
  for (const auto& more : rule.additional_bindings()) rules.push_back(&more);
  for (const google::api::HttpRule* one : rules) {
    const auto [http_method, path] = MethodAndPath(*one);
    TILTS_ASSIGN(auto pattern, RoutePattern::Parse(path));
    Route route;
    route.http_method = http_method;
    route.pattern = std::move(pattern);
    route.method = &method;
    route.rpc_name = method.service()->full_name() + '/' + method.name();
    route.service = std::string(ServiceOf(method.file()->package()));
    TILTS_CHECK(Add(std::move(route), one->body()));
  }
  return AddEvents(method);
}

// No HTTP rule can say it: the same method with another form of body.
core::Status RouteTable::AddEvents(const pb::MethodDescriptor& method) {
  if (method.full_name() != kFactMethod) return {};
  TILTS_ASSIGN(auto pattern, RoutePattern::Parse(kEventPath));
  Route route;
  route.http_method = "POST";
  route.pattern = std::move(pattern);
  route.method = &method;
  route.rpc_name = method.service()->full_name() + '/' + method.name();
  route.service = std::string(ServiceOf(method.file()->package()));
  route.cloud_events = true;
  return Add(std::move(route), "*");
}

core::Status RouteTable::Add(Route route, const std::string& body) {
  const pb::Descriptor& input = *route.method->input_type();
  if (route.http_method.empty()) return Refuse(route.rpc_name, "it has no method.");
  if (route.service.empty()) return Refuse(route.rpc_name, "no service is known for its package.");
  for (const std::string& variable : route.pattern.variables()) {
    if (!IsSettable(&input, variable))
      return Refuse(route.rpc_name, "{" + variable + "} is no field that a path can set.");
  }
  if (body == "*") {
    route.body = BodyUse::kWhole;
  } else if (!body.empty()) {
    route.body = BodyUse::kField;
    route.body_field = input.FindFieldByName(body);
    if (route.body_field == nullptr || route.body_field->is_repeated() ||
        route.body_field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      return Refuse(route.rpc_name, "its body is no message field.");
    }
  }
  const pb::FieldDescriptor* wait = input.FindFieldByName("wait_seconds");
  if (wait != nullptr && wait->cpp_type() == pb::FieldDescriptor::CPPTYPE_UINT32 && !wait->is_repeated()) {
    route.wait_field = wait;
  }
  routes_.push_back(std::move(route));
  return {};
}

RouteAnswer RouteTable::Find(std::string_view http_method, const RequestPath& path) const {
  std::set<std::string> others;
  for (const Route& route : routes_) {
    auto variables = route.pattern.Match(path);
    if (!variables) continue;
    if (route.http_method == http_method) return RouteMatch{&route, std::move(*variables)};
    others.insert(route.http_method);
  }
  if (others.empty()) return NoRoute{};
  std::string allowed;
  for (const std::string& other : others) allowed += (allowed.empty() ? "" : ", ") + other;
  return OtherMethods{allowed};
}

}  // namespace tilts::gateway
