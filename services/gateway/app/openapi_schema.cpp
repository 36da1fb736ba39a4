#include "gateway/app/openapi_schema.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <tilts/options/v1/options.pb.h>

#include "wire/data_class.hpp"

namespace tilts::gateway {
namespace {

namespace pb = google::protobuf;
using Json = SchemaCollector::Json;

// "tilts.intake.v1.Case" -> "intake.v1.Case"
std::string NameOf(const std::string& full_name) {
  return full_name.starts_with("tilts.") ? full_name.substr(6) : full_name;
}

Json Pointer(const std::string& name) {
  return {{"$ref", "#/components/schemas/" + name}};
}

std::string ClassName(const pb::FieldDescriptor& field) {
  return options::v1::DataClass_Name(wire::DataClassOf(field)).substr(std::string("DATA_CLASS_").size());
}

}  // namespace

Json SchemaCollector::Reference(const pb::Descriptor& message) {
  const std::string name = NameOf(message.full_name());
  if (!schemas_.contains(name)) {
    schemas_[name] = Json::object();  // before its fields, which may lead back here
    Json properties = Json::object();
    for (int i = 0; i < message.field_count(); ++i) {
      const pb::FieldDescriptor& field = *message.field(i);
      properties[field.name()] = OfField(field);
      if (wire::DataClassOf(field) != 0) properties[field.name()]["x-tilts-data-class"] = ClassName(field);
    }
    schemas_[name] = {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
  }
  return Pointer(name);
}

Json SchemaCollector::OfField(const pb::FieldDescriptor& field) {
  if (field.is_map()) {
    return {{"type", "object"}, {"additionalProperties", OfValue(*field.message_type()->map_value())}};
  }
  if (field.is_repeated()) return {{"type", "array"}, {"items", OfValue(field)}};
  return OfValue(field);
}

Json SchemaCollector::OfValue(const pb::FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32: return {{"type", "integer"}, {"format", "int32"}};
    case pb::FieldDescriptor::CPPTYPE_UINT32: return {{"type", "integer"}, {"minimum", 0}, {"maximum", 4294967295}};
    case pb::FieldDescriptor::CPPTYPE_INT64: return {{"type", "string"}, {"pattern", "^-?[0-9]+$"}};
    case pb::FieldDescriptor::CPPTYPE_UINT64: return {{"type", "string"}, {"pattern", "^[0-9]+$"}};
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
    case pb::FieldDescriptor::CPPTYPE_FLOAT: return {{"type", "number"}};
    case pb::FieldDescriptor::CPPTYPE_BOOL: return {{"type", "boolean"}};
    case pb::FieldDescriptor::CPPTYPE_ENUM: return OfEnum(*field.enum_type());
    case pb::FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == pb::FieldDescriptor::TYPE_BYTES) return {{"type", "string"}, {"contentEncoding", "base64"}};
      return {{"type", "string"}};
    case pb::FieldDescriptor::CPPTYPE_MESSAGE: break;
  }
  if (field.message_type() == pb::Timestamp::descriptor()) return {{"type", "string"}, {"format", "date-time"}};
  if (field.message_type() == pb::Duration::descriptor()) {
    return {{"type", "string"}, {"pattern", "^-?[0-9]+(\\.[0-9]+)?s$"}};
  }
  return Reference(*field.message_type());
}

Json SchemaCollector::OfEnum(const pb::EnumDescriptor& type) {
  const std::string name = NameOf(type.full_name());
  if (!schemas_.contains(name)) {
    Json names = Json::array();
    for (int i = 0; i < type.value_count(); ++i) names.push_back(type.value(i)->name());
    schemas_[name] = {{"type", "string"}, {"enum", names}};
  }
  return Pointer(name);
}

}  // namespace tilts::gateway
