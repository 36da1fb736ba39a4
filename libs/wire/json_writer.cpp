#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include "wire/bytes.hpp"
#include "wire/json.hpp"

namespace tilts::wire {
namespace {

namespace pb = google::protobuf;

// Protobuf prints empty lists only together with every zero and every empty text.
void AddEmptyLists(const pb::Message& message, std::string& json) {
  const pb::Descriptor& type = *message.GetDescriptor();
  if (type.well_known_type() != pb::Descriptor::WELLKNOWNTYPE_UNSPECIFIED) return;  // not printed as an object
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor& field = *type.field(i);
    if (!field.is_repeated() || field.is_map() || message.GetReflection()->FieldSize(message, &field) > 0) continue;
    json.pop_back();
    json += (json == "{" ? "\"" : ",\"") + field.name() + "\":[]}";
  }
}

}  // namespace

core::Result<std::string> ToJson(const google::protobuf::Message& message, JsonStyle style) {
  TILTS_CHECK(CheckUtf8(message));
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = style == JsonStyle::kEveryPrimitive || style == JsonStyle::kPretty;
  options.add_whitespace = style == JsonStyle::kPretty;
  std::string json;  // fresh: MessageToJsonString appends
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) {
    // A time outside years 1 to 9999 is the one way to get here with a well-formed message.
    return core::Fail(core::Errc::kInvalid, "The message has a value that JSON cannot show.", "JSON_UNPRINTABLE");
  }
  if (style == JsonStyle::kAnswer) AddEmptyLists(message, json);
  return json;
}

}  // namespace tilts::wire
