#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace google::protobuf {
class EnumDescriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace tilts::wire {

struct ValueFault {
  std::string code;
  std::string message;
};

// Sets (or, for a repeated field, appends) one scalar, enum, Timestamp or Duration from its text as
// JSON, a query string or a path would write it. Nothing is set when a fault comes back.
std::optional<ValueFault> SetFromText(google::protobuf::Message& message,
                                      const google::protobuf::FieldDescriptor& field, std::string_view text);

// Sets a field named by a dotted path ("state", "page.size", by contract or JSON name), making the
// messages on the way. kInvalid with UNKNOWN_FIELD or the value's own fault.
core::Status SetByPath(google::protobuf::Message& message, std::string_view path, std::string_view text);

// Timestamp and Duration are written as one JSON string and so count as values.
bool IsTextValue(const google::protobuf::FieldDescriptor& field);

}  // namespace tilts::wire
