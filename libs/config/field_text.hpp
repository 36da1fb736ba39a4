#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace google::protobuf {
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace tilts::config {

// Sets one field from text as it stands in an environment variable or in a `default_value`: numbers, true/false,
// "0.250s", a comma-separated list. The error names no value.
core::Status SetFromText(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
                         std::string_view text);

// One entry of a map<string, string>.
void SetMapEntry(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
                 const std::string& key, const std::string& value);

}  // namespace tilts::config
