#include "config/field_text.hpp"

#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>

#include <chrono>
#include <cmath>

#include "core/concat.hpp"
#include "wire/time.hpp"

namespace tilts::config {
namespace {

using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr double kLongestSeconds = 1e9;

core::Status Wrong(std::string_view form) {
  return core::Fail(core::Errc::kInvalid, core::Concat("write ", form), "CONFIG_VALUE");
}

template <typename Number, typename Setter>
core::Status SetNumber(std::string_view text, Setter set) {
  Number number{};
  if (!absl::SimpleAtoi(std::string(text), &number)) return Wrong("a whole number in the field's range");
  set(number);
  return {};
}

core::Status SetMessage(Message& message, const FieldDescriptor& field, std::string_view text) {
  if (field.message_type() != Duration::descriptor()) return Wrong("its fields one by one, joined by __");
  double seconds = 0;
  if (!text.ends_with('s') || !absl::SimpleAtod(std::string(text.substr(0, text.size() - 1)), &seconds) ||
      !(std::abs(seconds) < kLongestSeconds)) {
    return Wrong("a duration in seconds such as 0.250s");
  }
  const std::chrono::microseconds duration(std::llround(seconds * 1e6));
  message.GetReflection()->MutableMessage(&message, &field)->CopyFrom(wire::ToDuration(duration));
  return {};
}

core::Status SetList(Message& message, const FieldDescriptor& field, std::string_view text) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING)
    return Wrong("this list in the file: it cannot be overridden");
  const auto& reflection = *message.GetReflection();
  reflection.ClearField(&message, &field);
  for (const std::string& part :
       std::vector<std::string>(absl::StrSplit(std::string(text), ',', absl::SkipWhitespace()))) {
    reflection.AddString(&message, &field, part);
  }
  return {};
}

}  // namespace

core::Status SetFromText(Message& message, const FieldDescriptor& field, std::string_view text) {
  if (field.is_repeated()) return SetList(message, field, text);
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: reflection.SetString(&message, &field, std::string(text)); return {};
    case FieldDescriptor::CPPTYPE_UINT32:
      return SetNumber<std::uint32_t>(text, [&](auto number) { reflection.SetUInt32(&message, &field, number); });
    case FieldDescriptor::CPPTYPE_UINT64:
      return SetNumber<std::uint64_t>(text, [&](auto number) { reflection.SetUInt64(&message, &field, number); });
    case FieldDescriptor::CPPTYPE_INT32:
      return SetNumber<std::int32_t>(text, [&](auto number) { reflection.SetInt32(&message, &field, number); });
    case FieldDescriptor::CPPTYPE_INT64:
      return SetNumber<std::int64_t>(text, [&](auto number) { reflection.SetInt64(&message, &field, number); });
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      double number = 0;
      if (!absl::SimpleAtod(std::string(text), &number)) return Wrong("a number");
      reflection.SetDouble(&message, &field, number);
      return {};
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return Wrong("true or false");
      reflection.SetBool(&message, &field, text == "true");
      return {};
    case FieldDescriptor::CPPTYPE_MESSAGE: return SetMessage(message, field, text);
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_ENUM: break;
  }
  return Wrong("this value in the file: its kind cannot be overridden");
}

void SetMapEntry(Message& message, const FieldDescriptor& field, const std::string& key, const std::string& value) {
  const auto& reflection = *message.GetReflection();
  const auto* key_field = field.message_type()->map_key();
  const auto* value_field = field.message_type()->map_value();
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    Message* entry = reflection.MutableRepeatedMessage(&message, &field, i);
    if (entry->GetReflection()->GetString(*entry, key_field) != key) continue;
    entry->GetReflection()->SetString(entry, value_field, value);
    return;
  }
  Message* entry = reflection.AddMessage(&message, &field);
  entry->GetReflection()->SetString(entry, key_field, key);
  entry->GetReflection()->SetString(entry, value_field, value);
}

}  // namespace tilts::config
