#include "tiltsctl/app/message_text.hpp"

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <vector>

#include "core/concat.hpp"
#include "wire/time.hpp"

namespace tilts::tiltsctl {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;

// "ReferralState" -> "REFERRAL_STATE_"
std::string PrefixOf(const EnumDescriptor& type) {
  std::string prefix;
  for (const char character : type.name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(character)) && !prefix.empty()) prefix.push_back('_');
    prefix.push_back(absl::ascii_toupper(static_cast<unsigned char>(character)));
  }
  return prefix + "_";
}

// One value of a field; `index` -1 for a single one.
std::string ScalarText(const Message& message, const FieldDescriptor& field, int index) {
  const auto& reflection = *message.GetReflection();
  const bool many = index >= 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string text =
          many ? reflection.GetRepeatedString(message, &field, index) : reflection.GetString(message, &field);
      return field.type() == FieldDescriptor::TYPE_BYTES ? absl::BytesToHexString(text) : text;
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number =
          many ? reflection.GetRepeatedEnumValue(message, &field, index) : reflection.GetEnumValue(message, &field);
      return EnumText(*field.enum_type(), number);
    }
    case FieldDescriptor::CPPTYPE_BOOL: return reflection.GetBool(message, &field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_INT32: return core::Concat(reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64: return core::Concat(reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32: return core::Concat(reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64: return core::Concat(reflection.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE: return core::Concat(reflection.GetDouble(message, &field));
    case FieldDescriptor::CPPTYPE_FLOAT: return core::Concat(static_cast<double>(reflection.GetFloat(message, &field)));
    case FieldDescriptor::CPPTYPE_MESSAGE: break;
  }
  return {};
}

void PrintNested(const Message& nested, const FieldDescriptor& field, std::ostream& out, int indent) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  if (const auto* time = dynamic_cast<const Timestamp*>(&nested)) {
    out << margin << field.name() << ": " << TimeText(*time) << '\n';
    return;
  }
  out << margin << field.name() << ":\n";
  PrintMessage(nested, out, indent + 2);
}

void PrintField(const Message& message, const FieldDescriptor& field, std::ostream& out, int indent) {
  const auto& reflection = *message.GetReflection();
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  if (!field.is_repeated()) {
    if (is_message) return PrintNested(reflection.GetMessage(message, &field), field, out, indent);
    out << margin << field.name() << ": " << ScalarText(message, field, -1) << '\n';
    return;
  }
  std::string list;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (is_message) {
      PrintNested(reflection.GetRepeatedMessage(message, &field, i), field, out, indent);
    } else {
      list += (list.empty() ? "" : ", ") + ScalarText(message, field, i);
    }
  }
  if (!is_message) out << margin << field.name() << ": " << list << '\n';
}

core::Error Wrong(const FieldDescriptor& field, std::string_view what) {
  return {core::Errc::kInvalid, core::Concat(field.name(), ": ", what), "ARGUMENTS", {}, 0};
}

core::Status SetEnum(Message& message, const FieldDescriptor& field, const std::string& text) {
  const EnumDescriptor& type = *field.enum_type();
  const std::string upper = absl::AsciiStrToUpper(text);
  const auto* value = type.FindValueByName(upper);
  if (value == nullptr) value = type.FindValueByName(PrefixOf(type) + upper);
  if (value == nullptr || value->number() == 0) {
    return core::Fail(Wrong(field, "use one of " + EnumNames(type)));
  }
  message.GetReflection()->SetEnumValue(&message, &field, value->number());
  return {};
}

}  // namespace

void PrintMessage(const Message& message, std::ostream& out, int indent) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) PrintField(message, *field, out, indent);
}

std::string EnumText(const EnumDescriptor& type, int number) {
  if (number == 0) return {};
  const auto* value = type.FindValueByNumber(number);
  if (value == nullptr) return core::Concat(number);
  const std::string prefix = PrefixOf(type);
  return value->name().starts_with(prefix) ? value->name().substr(prefix.size()) : value->name();
}

std::string EnumNames(const EnumDescriptor& type) {
  std::string names;
  for (int i = 1; i < type.value_count(); ++i) {
    names += (names.empty() ? "" : ", ") + EnumText(type, type.value(i)->number());
  }
  return names;
}

std::string TimeText(const Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return {};
  const auto city_time = wire::FromTimestamp(time);
  return city_time ? core::FormatRfc3339(*city_time) : std::string("?");
}

core::Status SetField(Message& message, const FieldDescriptor& field, const std::string& text) {
  const auto& reflection = *message.GetReflection();
  if (field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    const std::vector<std::string> parts = absl::StrSplit(text, ',', absl::SkipWhitespace());
    for (const std::string& part : parts) reflection.AddString(&message, &field, part);
    return {};
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: reflection.SetString(&message, &field, text); return {};
    case FieldDescriptor::CPPTYPE_ENUM: return SetEnum(message, field, text);
    case FieldDescriptor::CPPTYPE_UINT32: {
      std::uint32_t number = 0;
      if (!absl::SimpleAtoi(text, &number)) return core::Fail(Wrong(field, "use a whole number"));
      reflection.SetUInt32(&message, &field, number);
      return {};
    }
    default: break;
  }
  if (field.message_type() != Timestamp::descriptor()) return core::Fail(Wrong(field, "cannot be given here"));
  TILTS_ASSIGN(const core::CityTime time, core::ParseRfc3339(text));
  reflection.MutableMessage(&message, &field)->CopyFrom(wire::ToTimestamp(time));
  return {};
}

}  // namespace tilts::tiltsctl
