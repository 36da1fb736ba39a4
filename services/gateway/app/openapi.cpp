#include "gateway/app/openapi.hpp"

#include <google/protobuf/descriptor.h>
#include <tilts/options/v1/options.pb.h>

#include <algorithm>
#include <utility>

#include "gateway/app/cloud_events.hpp"
#include "gateway/app/openapi_schema.hpp"
#include "gateway/app/route_table.hpp"
#include "gateway/app/url_field.hpp"
#include "wire/field_value.hpp"

namespace tilts::gateway {
namespace {

namespace pb = google::protobuf;
using Json = SchemaCollector::Json;

constexpr char kProblemType[] = "application/problem+json";

Json ProblemSchema() {
  const Json text = {{"type", "string"}};
  return {{"type", "object"},
          {"description", "RFC 9457. `reason` is a stable word a program can act on."},
          {"required", {"type", "title", "status", "detail", "instance", "code"}},
          {"properties",
           {{"type", text},
            {"title", text},
            {"status", {{"type", "integer"}}},
            {"detail", text},
            {"instance", text},
            {"code", text},
            {"reason", text},
            {"retry_after_seconds", {{"type", "integer"}}},
            {"violations",
             {{"type", "array"},
              {"items",
               {{"type", "object"},
                {"required", {"field", "code", "message"}},
                {"properties", {{"field", text}, {"code", text}, {"message", text}}}}}}}}}};
}

Json HeaderParameter(const char* name, bool required, const char* description) {
  return {{"name", name},
          {"in", "header"},
          {"required", required},
          {"description", description},
          {"schema", {{"type", "string"}}}};
}

Json SharedParameters() {
  return {{"Institution", HeaderParameter("Tilts-Institution", true, "The institution the client acts for.")},
          {"IdempotencyKey",
           HeaderParameter("Idempotency-Key", false, "Fills request_id: the same key gives the same answer, once.")},
          {"IfMatch", HeaderParameter("If-Match", false, "The ETag the change is based on; fills etag.")}};
}

bool Has(const pb::Descriptor& message, const char* field) {
  return message.FindFieldByName(field) != nullptr;
}

class Document {
 public:
  explicit Document(const std::string& version) {
    root_["openapi"] = "3.1.0";
    root_["info"] = {{"title", "Tilts"},
                     {"version", version},
                     {"description",
                      "One door for the institutions around a child. Times are RFC 3339, 64-bit numbers are "
                      "strings, unknown fields are refused."},
                     {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}};
    root_["security"] = Json::array({{{"apiKey", Json::array()}}});
    root_["paths"] = Json::object();
  }

  void Add(const Route& route) {
    const pb::MethodDescriptor& method = *route.method;
    Json operation;
    operation["operationId"] = method.service()->name() + '_' + (route.cloud_events ? "PushEvents" : method.name());
    operation["tags"] = {method.service()->name()};
    operation["x-tilts-operation"] = method.options().GetExtension(options::v1::access).operation();
    operation["parameters"] = Parameters(route);
    if (route.cloud_events) {
      operation["requestBody"] = EventBody();
    } else if (route.body != BodyUse::kNone) {
      const pb::Descriptor& type =
          route.body == BodyUse::kWhole ? *method.input_type() : *route.body_field->message_type();
      operation["requestBody"] = {{"content", {{"application/json", {{"schema", schemas_.Reference(type)}}}}}};
    }
    operation["responses"]["200"] = {
        {"description", "Done."},
        {"content", {{"application/json", {{"schema", schemas_.Reference(*method.output_type())}}}}}};
    operation["responses"]["default"] = {{"$ref", "#/components/responses/Problem"}};
    std::string verb = route.http_method;
    std::transform(verb.begin(), verb.end(), verb.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    root_["paths"][route.pattern.text()][verb] = std::move(operation);
  }

  std::string Take() {
    Json schemas = schemas_.Take();
    schemas["Problem"] = ProblemSchema();
    root_["components"] = {
        {"schemas", std::move(schemas)},
        {"parameters", SharedParameters()},
        {"responses",
         {{"Problem",
           {{"description", "Refused, with the reason."},
            {"content", {{kProblemType, {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}}}}},
        {"securitySchemes",
         {{"apiKey", {{"type", "http"}, {"scheme", "bearer"}, {"description", "An API key, tk_…"}}}}}};
    return root_.dump();
  }

 private:
  // A CloudEvent whose data is one of the kinds of facts, as its type says; alone or in a batch.
  Json EventBody() {
    const pb::OneofDescriptor& kinds = *intake::v1::Fact::descriptor()->FindOneofByName("kind");
    Json types = Json::array();
    Json data = Json::array();
    for (int i = 0; i < kinds.field_count(); ++i) {
      types.push_back(kinds.field(i)->message_type()->full_name());
      data.push_back(schemas_.Reference(*kinds.field(i)->message_type()));
    }
    const Json text = {{"type", "string"}, {"minLength", 1}};
    const Json event = {{"type", "object"},
                        {"description", "CloudEvents 1.0, structured. The subject is the pupil number."},
                        {"required", {"specversion", "id", "source", "type", "subject", "revision", "data"}},
                        {"properties",
                         {{"specversion", {{"type", "string"}, {"enum", Json::array({"1.0"})}}},
                          {"id", text},
                          {"source", text},
                          {"type", {{"type", "string"}, {"enum", types}}},
                          {"subject", text},
                          {"revision", {{"type", {"integer", "string"}}}},
                          {"withdrawn", {{"type", {"boolean", "string"}}}},
                          {"data", {{"anyOf", data}}}}}};
    return {{"content",
             {{std::string(kCloudEvent), {{"schema", event}}},
              {std::string(kCloudEventBatch), {{"schema", {{"type", "array"}, {"items", event}}}}}}}};
  }

  Json Parameters(const Route& route) {
    const pb::Descriptor& input = *route.method->input_type();
    Json parameters = Json::array();
    parameters.push_back({{"$ref", "#/components/parameters/Institution"}});
    if (route.http_method != "GET" && Has(input, "request_id")) {
      parameters.push_back({{"$ref", "#/components/parameters/IdempotencyKey"}});
    }
    if (route.http_method != "GET" && Has(input, "etag")) {
      parameters.push_back({{"$ref", "#/components/parameters/IfMatch"}});
    }
    for (const std::string& variable : route.pattern.variables()) {
      parameters.push_back({{"name", variable}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
    }
    if (route.body == BodyUse::kWhole) return parameters;
    for (int i = 0; i < input.field_count(); ++i) {
      const pb::FieldDescriptor& field = *input.field(i);
      const auto& bound = route.pattern.variables();
      const bool in_path = std::find(bound.begin(), bound.end(), field.name()) != bound.end();
      if (in_path || !wire::IsTextValue(field) || field.is_map() || !MayStandInUrl(field)) continue;
      parameters.push_back(
          {{"name", field.name()}, {"in", "query"}, {"required", false}, {"schema", schemas_.OfField(field)}});
    }
    return parameters;
  }

  Json root_;
  SchemaCollector schemas_;
};

}  // namespace

std::string OpenApiDocument(const std::vector<Route>& routes, const std::string& version) {
  std::vector<const Route*> ordered;
  for (const Route& route : routes) ordered.push_back(&route);
  std::sort(ordered.begin(), ordered.end(),
            [](const Route* a, const Route* b) { return a->pattern.text() < b->pattern.text(); });
  Document document(version);
  for (const Route* route : ordered) document.Add(*route);
  return document.Take();
}

}  // namespace tilts::gateway
