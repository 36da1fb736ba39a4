#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace google::protobuf {
class Message;
}

namespace tilts::wire {

// Every `string` of the message, at any depth, is UTF-8. Protobuf serialises invalid text happily
// and the consumer then cannot parse it: our own poison. Violations TEXT_NOT_UTF8 name the paths.
core::Status CheckUtf8(const google::protobuf::Message& message);

// Checked serialisation for everything that leaves the process. The bytes are never hashed or
// compared: maps have no order.
core::Result<std::string> Serialize(const google::protobuf::Message& message);

// Zero bytes are refused: Protobuf would call them a default message. kCorrupt on failure.
core::Status Parse(std::string_view bytes, google::protobuf::Message& message);

}  // namespace tilts::wire
