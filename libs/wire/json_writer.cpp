#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include "wire/bytes.hpp"
#include "wire/json.hpp"

namespace tilts::wire {

core::Result<std::string> ToJson(const google::protobuf::Message& message, JsonStyle style) {
  TILTS_CHECK(CheckUtf8(message));
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = style != JsonStyle::kCompact;
  options.add_whitespace = style == JsonStyle::kPretty;
  std::string json;  // fresh: MessageToJsonString appends
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) {
    // A time outside years 1 to 9999 is the one way to get here with a well-formed message.
    return core::Fail(core::Errc::kInvalid, "The message has a value that JSON cannot show.", "JSON_UNPRINTABLE");
  }
  return json;
}

}  // namespace tilts::wire
