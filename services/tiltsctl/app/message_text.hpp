#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace google::protobuf {
class EnumDescriptor;
class FieldDescriptor;
class Message;
class Timestamp;
}  // namespace google::protobuf

namespace tilts::tiltsctl {

// Set fields, one a line, nested ones indented: for people.
void PrintMessage(const google::protobuf::Message& message, std::ostream& out, int indent = 0);

// "REFERRAL_STATE_IN_PROGRESS" -> "IN_PROGRESS"; an unset value is empty.
std::string EnumText(const google::protobuf::EnumDescriptor& type, int number);
// "ACCEPTED, REJECTED, …" without the unset one.
std::string EnumNames(const google::protobuf::EnumDescriptor& type);
// RFC 3339; empty when not set.
std::string TimeText(const google::protobuf::Timestamp& time);

// Sets a field from the command line: text, enum by its short or whole name, RFC 3339 time, a comma-separated list.
core::Status SetField(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
                      const std::string& text);

}  // namespace tilts::tiltsctl
