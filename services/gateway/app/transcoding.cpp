#include "gateway/app/transcoding.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <map>

#include "gateway/app/url_field.hpp"
#include "wire/bytes.hpp"
#include "wire/field_path.hpp"
#include "wire/field_value.hpp"
#include "wire/json.hpp"

namespace tilts::gateway {
namespace {

namespace pb = google::protobuf;

core::Error Invalid(std::vector<core::Violation> violations) {
  return {core::Errc::kInvalid, "Some of the request is not acceptable: correct what is listed.", "INVALID_ARGUMENT",
          std::move(violations), 0};
}

core::Error Invalid(std::string field, std::string code, std::string message) {
  return Invalid(std::vector<core::Violation>{{std::move(field), std::move(code), std::move(message)}});
}

const pb::FieldDescriptor* StringField(const pb::Descriptor& type, const std::string& name) {
  const pb::FieldDescriptor* field = type.FindFieldByName(name);
  const bool usable = field != nullptr && field->type() == pb::FieldDescriptor::TYPE_STRING && !field->is_repeated();
  return usable ? field : nullptr;
}

// The last field a path names; null when it names none.
const pb::FieldDescriptor* Leaf(const pb::Descriptor* type, std::string_view path) {
  const pb::FieldDescriptor* field = nullptr;
  while (type != nullptr) {
    const std::size_t dot = path.find('.');
    const std::string name(path.substr(0, dot));
    field = type->FindFieldByName(name);
    if (field == nullptr) field = type->FindFieldByCamelcaseName(name);
    if (field == nullptr || dot == std::string_view::npos) return field;
    type = field->message_type();
    path.remove_prefix(dot + 1);
  }
  return nullptr;
}

class Builder {
 public:
  Builder(const Route& route, const HttpInput& input) : route_(route), input_(input) {
    message_.reset(pb::MessageFactory::generated_factory()->GetPrototype(route.method->input_type())->New());
  }

  core::Status Body() {
    if (route_.body == BodyUse::kNone) {
      if (!input_.body.empty()) return core::Fail(Invalid("", "BODY_FORBIDDEN", "Send no body with this method."));
      return {};
    }
    if (input_.body.empty()) return {};
    if (!input_.content_type.starts_with("application/json")) {
      return core::Fail(core::Errc::kInvalid, "Send the body as application/json.", "CONTENT_TYPE");
    }
    pb::Message& target = route_.body == BodyUse::kWhole
                              ? *message_
                              : *message_->GetReflection()->MutableMessage(message_.get(), route_.body_field);
    return wire::FromJson(input_.body, target);
  }

  core::Status Query(const PathVariables& variables) {
    std::map<const pb::FieldDescriptor*, int> seen;
    for (const auto& [name, text] : input_.query) {
      const pb::FieldDescriptor* field = Leaf(route_.method->input_type(), name);
      if (field == nullptr || route_.body == BodyUse::kWhole) {
        Complain(wire::PrintableKey(name), "UNKNOWN_FIELD", "Remove it: the method has no such parameter.");
        continue;
      }
      bool bound = field == route_.body_field;
      for (const auto& variable : variables) bound = bound || variable.first == name;
      if (bound || (++seen[field] > 1 && !field->is_repeated())) {
        Complain(name, "VALUE_REPEATED", "Send it once.");
      } else if (!MayStandInUrl(*field)) {
        Complain(name, "QUERY_FORBIDDEN", "This may not stand in a URL.");
      } else {
        Keep(wire::SetByPath(*message_, name, text));
      }
    }
    return Complaints();
  }

  core::Status Path(const PathVariables& variables) {
    for (const auto& [name, text] : variables) {
      const std::unique_ptr<pb::Message> alone(message_->New());
      Keep(wire::SetByPath(*alone, name, text));
      const pb::FieldDescriptor* field = StringField(*message_->GetDescriptor(), name);
      if (field != nullptr && !SameOrEmpty(*field, text)) {
        Complain(name, "PATH_BODY_MISMATCH", "Body and path name different things: leave it out of the body.");
      } else if (violations_.empty()) {
        Keep(wire::SetByPath(*message_, name, text));
      }
    }
    return Complaints();
  }

  core::Status Header(const char* field_name, const std::string& value) {
    const pb::FieldDescriptor* field = StringField(*message_->GetDescriptor(), field_name);
    if (field == nullptr || value.empty()) return {};
    if (!SameOrEmpty(*field, value)) {
      return core::Fail(Invalid(field_name, "HEADER_BODY_MISMATCH", "Header and body differ: send one of them."));
    }
    return wire::SetByPath(*message_, field_name, value);
  }

  std::unique_ptr<pb::Message> Take() { return std::move(message_); }

 private:
  bool SameOrEmpty(const pb::FieldDescriptor& field, const std::string& text) const {
    const std::string given = message_->GetReflection()->GetString(*message_, &field);
    return given.empty() || given == text;
  }

  void Complain(std::string field, std::string code, std::string message) {
    violations_.push_back({std::move(field), std::move(code), std::move(message)});
  }
  void Keep(const core::Status& status) {
    if (status) return;
    violations_.insert(violations_.end(), status.error().violations.begin(), status.error().violations.end());
  }
  core::Status Complaints() {
    if (violations_.empty()) return {};
    return core::Fail(Invalid(std::move(violations_)));
  }

  const Route& route_;
  const HttpInput& input_;
  std::unique_ptr<pb::Message> message_;
  std::vector<core::Violation> violations_;
};

// If-Match: "v7". Weak tags and lists never match a state to be changed; "*" means any state.
core::Result<std::string> EtagOf(const std::string& if_match) {
  if (if_match.empty() || if_match == "*") return std::string();
  const bool quoted = if_match.size() > 2 && if_match.front() == '"' && if_match.back() == '"';
  if (!quoted || if_match.find('"', 1) != if_match.size() - 1) {
    return core::Fail(Invalid("If-Match", "VALUE_INVALID", "Send one strong entity tag in quotes, as the ETag came."));
  }
  return if_match.substr(1, if_match.size() - 2);
}

// The answer's own `etag`, or that of the one object it carries.
std::string FindEtag(const pb::Message& message) {
  const pb::Reflection& reflection = *message.GetReflection();
  if (const auto* own = StringField(*message.GetDescriptor(), "etag")) return reflection.GetString(message, own);
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const pb::FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (field.is_repeated() || field.cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const auto* inner = StringField(*field.message_type(), "etag");
    if (inner == nullptr || !reflection.HasField(message, &field)) continue;
    const pb::Message& object = reflection.GetMessage(message, &field);
    return object.GetReflection()->GetString(object, inner);
  }
  return {};
}

}  // namespace

core::Result<std::unique_ptr<pb::Message>> BuildRequest(const Route& route, const PathVariables& variables,
                                                        const HttpInput& input) {
  Builder builder(route, input);
  TILTS_CHECK(builder.Body());
  TILTS_CHECK(builder.Query(variables));
  TILTS_CHECK(builder.Path(variables));
  TILTS_CHECK(builder.Header("request_id", input.idempotency_key));
  TILTS_ASSIGN(const std::string etag, EtagOf(input.if_match));
  TILTS_CHECK(builder.Header("etag", etag));
  return builder.Take();
}

core::Result<HttpOutput> BuildResponse(const Route& route, const std::string& bytes) {
  const std::unique_ptr<pb::Message> message(
      pb::MessageFactory::generated_factory()->GetPrototype(route.method->output_type())->New());
  if (!bytes.empty()) TILTS_CHECK(wire::Parse(bytes, *message));  // an empty answer has no bytes
  HttpOutput output;
  TILTS_ASSIGN(output.json, wire::ToJson(*message, wire::JsonStyle::kAnswer));
  const std::string etag = FindEtag(*message);
  if (!etag.empty()) output.etag = '"' + etag + '"';
  return output;
}

}  // namespace tilts::gateway
