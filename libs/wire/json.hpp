#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace google::protobuf {
class Message;
}

namespace tilts::wire {

// The only door between Protobuf messages and JSON. Field names are the contract's own
// (snake_case), int64 are strings, enums are names, times are RFC 3339.
enum class JsonStyle {
  kCompact,         // set fields only, one line
  kAnswer,          // kCompact, and the message's own lists also when they are empty: "items":[]. Not those further
                    // inside: there a list that was withheld must not look like one that is empty
  kEveryPrimitive,  // also scalars at their default value: what people read
  kPretty,          // kEveryPrimitive over several lines, for people and files
};

// Refuses text that is not UTF-8 (Protobuf would print it as an empty string and say "ok").
core::Result<std::string> ToJson(const google::protobuf::Message& message, JsonStyle style = JsonStyle::kCompact);

// Strict: RFC 8259 syntax, no key twice, at most 32 levels, unknown fields and unknown enum names
// refused, valid UTF-8. `message` is replaced on success and untouched on failure. Errors are
// kInvalid with violations (JSON_SYNTAX, JSON_DUPLICATE_KEY, UNKNOWN_FIELD, VALUE_INVALID …) that
// name the path and never repeat a value.
core::Status FromJson(std::string_view json, google::protobuf::Message& message);

}  // namespace tilts::wire
