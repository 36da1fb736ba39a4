#include "wire/field_value.hpp"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/common.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include <charconv>
#include <cmath>

#include "core/city_time.hpp"
#include "wire/field_path.hpp"
#include "wire/time.hpp"

namespace tilts::wire {
namespace {

namespace pb = google::protobuf;
using MaybeFault = std::optional<ValueFault>;

// Calls the Set… or the Add… of the reflection, whichever the field needs.
template <typename Set, typename Add, typename Value>
MaybeFault Store(pb::Message& message, const pb::FieldDescriptor& field, Set set, Add add, Value value) {
  const pb::Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) {
    (reflection.*add)(&message, &field, std::move(value));
  } else {
    (reflection.*set)(&message, &field, std::move(value));
  }
  return std::nullopt;
}

// The whole text and nothing else: no spaces, no plus sign.
template <typename Number>
bool ReadNumber(std::string_view text, Number& value) {
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  return fault == std::errc() && stop == end;
}

template <typename Number, typename Set, typename Add>
MaybeFault StoreInteger(pb::Message& message, const pb::FieldDescriptor& field, std::string_view text, Set set,
                        Add add) {
  Number value = 0;
  if (!ReadNumber(text, value)) {
    return ValueFault{"VALUE_RANGE", absl::StrCat("Send a whole number of type ", field.type_name(), ".")};
  }
  return Store(message, field, set, add, value);
}

MaybeFault StoreReal(pb::Message& message, const pb::FieldDescriptor& field, std::string_view text) {
  double value = 0;
  if (!ReadNumber(text, value) || !std::isfinite(value)) return ValueFault{"VALUE_TYPE", "Send a finite number."};
  if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_FLOAT) {
    return Store(message, field, &pb::Reflection::SetFloat, &pb::Reflection::AddFloat, static_cast<float>(value));
  }
  return Store(message, field, &pb::Reflection::SetDouble, &pb::Reflection::AddDouble, value);
}

MaybeFault StoreBool(pb::Message& message, const pb::FieldDescriptor& field, std::string_view text) {
  if (text != "true" && text != "false") return ValueFault{"VALUE_TYPE", "Send true or false."};
  return Store(message, field, &pb::Reflection::SetBool, &pb::Reflection::AddBool, text == "true");
}

MaybeFault StoreEnum(pb::Message& message, const pb::FieldDescriptor& field, std::string_view text) {
  const pb::EnumValueDescriptor* value = field.enum_type()->FindValueByName(std::string(text));
  if (value == nullptr) {
    return ValueFault{"UNKNOWN_CODE", absl::StrCat("Use one of the names of ", field.enum_type()->full_name(), ".")};
  }
  return Store(message, field, &pb::Reflection::SetEnum, &pb::Reflection::AddEnum, value);
}

MaybeFault StoreText(pb::Message& message, const pb::FieldDescriptor& field, std::string_view text) {
  std::string value(text);
  if (field.type() == pb::FieldDescriptor::TYPE_BYTES) {
    if (!absl::Base64Unescape(std::string(text), &value))
      return ValueFault{"BASE64", "Send standard base64 (RFC 4648)."};
  } else if (!pb::internal::IsStructurallyValidUTF8(text.data(), static_cast<int>(text.size()))) {
    return ValueFault{"TEXT_NOT_UTF8", "Send text in UTF-8."};
  }
  return Store(message, field, &pb::Reflection::SetString, &pb::Reflection::AddString, std::move(value));
}

pb::Message& Grow(pb::Message& message, const pb::FieldDescriptor& field) {
  const pb::Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? *reflection.AddMessage(&message, &field) : *reflection.MutableMessage(&message, &field);
}

MaybeFault StoreTime(pb::Message& message, const pb::FieldDescriptor& field, std::string_view text) {
  if (field.message_type() == pb::Timestamp::descriptor()) {
    const auto time = core::ParseRfc3339(text);
    if (!time) return ValueFault{"TIME_FORMAT", "Send an RFC 3339 time such as 2026-03-02T08:30:00Z."};
    Grow(message, field).CopyFrom(ToTimestamp(*time));
    return std::nullopt;
  }
  pb::Duration duration;
  if (!pb::util::TimeUtil::FromString(std::string(text), &duration)) {
    return ValueFault{"DURATION_FORMAT", "Send seconds with the letter s, such as 0.250s."};
  }
  Grow(message, field).CopyFrom(duration);
  return std::nullopt;
}

core::Error PathError(std::string_view path, ValueFault fault) {
  core::Error error{core::Errc::kInvalid, "A parameter is not acceptable.", "INVALID_ARGUMENT", {}, 0};
  error.violations.push_back({std::string(path), std::move(fault.code), std::move(fault.message)});
  return error;
}

}  // namespace

bool IsTextValue(const pb::FieldDescriptor& field) {
  if (field.cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) return true;
  return field.message_type() == pb::Timestamp::descriptor() || field.message_type() == pb::Duration::descriptor();
}

MaybeFault SetFromText(pb::Message& message, const pb::FieldDescriptor& field, std::string_view text) {
  using pb::Reflection;
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return StoreInteger<std::int32_t>(message, field, text, &Reflection::SetInt32, &Reflection::AddInt32);
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return StoreInteger<std::int64_t>(message, field, text, &Reflection::SetInt64, &Reflection::AddInt64);
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      return StoreInteger<std::uint32_t>(message, field, text, &Reflection::SetUInt32, &Reflection::AddUInt32);
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      return StoreInteger<std::uint64_t>(message, field, text, &Reflection::SetUInt64, &Reflection::AddUInt64);
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
    case pb::FieldDescriptor::CPPTYPE_FLOAT: return StoreReal(message, field, text);
    case pb::FieldDescriptor::CPPTYPE_BOOL: return StoreBool(message, field, text);
    case pb::FieldDescriptor::CPPTYPE_ENUM: return StoreEnum(message, field, text);
    case pb::FieldDescriptor::CPPTYPE_STRING: return StoreText(message, field, text);
    case pb::FieldDescriptor::CPPTYPE_MESSAGE: break;
  }
  if (IsTextValue(field)) return StoreTime(message, field, text);
  return ValueFault{"VALUE_TYPE", "This is an object: send it in the body."};
}

core::Status SetByPath(pb::Message& message, std::string_view path, std::string_view text) {
  pb::Message* target = &message;
  std::string shown;
  while (true) {
    const std::size_t dot = path.find('.');
    const std::string name(path.substr(0, dot));
    absl::StrAppend(&shown, shown.empty() ? "" : ".", PrintableKey(name));
    const pb::FieldDescriptor* field = target->GetDescriptor()->FindFieldByName(name);
    if (field == nullptr) field = target->GetDescriptor()->FindFieldByCamelcaseName(name);
    if (field == nullptr) {
      return core::Fail(PathError(shown, {"UNKNOWN_FIELD", "Remove it: the contract has no such field."}));
    }
    if (dot == std::string_view::npos) {
      auto fault = SetFromText(*target, *field, text);
      if (fault) return core::Fail(PathError(shown, std::move(*fault)));
      return {};
    }
    if (IsTextValue(*field) || field->is_repeated()) {
      return core::Fail(PathError(shown, {"VALUE_TYPE", "This field has no fields of its own."}));
    }
    target = target->GetReflection()->MutableMessage(target, field);
    path.remove_prefix(dot + 1);
  }
}

}  // namespace tilts::wire
