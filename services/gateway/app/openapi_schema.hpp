#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace google::protobuf {
class Descriptor;
class EnumDescriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace tilts::gateway {

// Collects the JSON schemas of messages and enums under components/schemas. Heavy: .cpp files only.
class SchemaCollector {
 public:
  using Json = nlohmann::ordered_json;

  // {"$ref": "#/components/schemas/…"}; the message and all it reaches are collected.
  Json Reference(const google::protobuf::Descriptor& message);
  Json OfField(const google::protobuf::FieldDescriptor& field);
  Json Take() { return std::move(schemas_); }

 private:
  Json OfValue(const google::protobuf::FieldDescriptor& field);
  Json OfEnum(const google::protobuf::EnumDescriptor& type);

  Json schemas_ = Json::object();
};

}  // namespace tilts::gateway
