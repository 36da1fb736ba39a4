#include <absl/strings/str_cat.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>

#include "wire/field_path.hpp"
#include "wire/field_value.hpp"
#include "wire/json.hpp"
#include "wire/json_syntax.hpp"

namespace tilts::wire {
namespace {

namespace pb = google::protobuf;
using nlohmann::json;

constexpr std::size_t kMaxViolations = 50;
constexpr double kMaxExactInteger = 9007199254740992.0;  // 2^53

// Walks tree and contract together and collects every complaint instead of stopping at the first.
class Reader {
 public:
  void ReadMessage(const json& object, pb::Message& message) {
    if (!object.is_object()) return Complain("VALUE_TYPE", "Send an object.");
    for (const auto& [key, value] : object.items()) {
      const pb::FieldDescriptor* field = FindField(*message.GetDescriptor(), key);
      const auto scope = path_.Field(field != nullptr ? field->name() : PrintableKey(key));
      if (field == nullptr) {
        Complain("UNKNOWN_FIELD", "Remove it: the contract has no such field.");
      } else if (!value.is_null()) {  // null means absent, as in Protobuf's own mapping
        ReadField(value, message, *field);
      }
    }
  }

  const std::vector<core::Violation>& violations() const { return violations_; }

 private:
  static const pb::FieldDescriptor* FindField(const pb::Descriptor& type, const std::string& key) {
    const pb::FieldDescriptor* field = type.FindFieldByName(key);
    return field != nullptr ? field : type.FindFieldByCamelcaseName(key);
  }

  void ReadField(const json& value, pb::Message& message, const pb::FieldDescriptor& field) {
    const pb::Reflection& reflection = *message.GetReflection();
    const pb::OneofDescriptor* choice = field.real_containing_oneof();
    if (choice != nullptr && reflection.HasOneof(message, choice)) {
      return Complain("ONEOF_TWICE", absl::StrCat("Send only one field of ", choice->name(), "."));
    }
    if (field.is_map()) return ReadMap(value, message, field);
    if (!field.is_repeated()) return ReadOne(value, message, field);
    if (!value.is_array()) return Complain("VALUE_TYPE", "Send a list.");
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto scope = path_.Index(i);
      ReadOne(value[i], message, field);
    }
  }

  void ReadMap(const json& value, pb::Message& message, const pb::FieldDescriptor& field) {
    if (!value.is_object()) return Complain("VALUE_TYPE", "Send an object.");
    const pb::FieldDescriptor& key_field = *field.message_type()->map_key();
    for (const auto& [key, entry_value] : value.items()) {
      const auto scope = path_.Field(PrintableKey(key));
      pb::Message& entry = *message.GetReflection()->AddMessage(&message, &field);
      if (auto fault = SetFromText(entry, key_field, key)) Complain(fault->code, fault->message);
      ReadOne(entry_value, entry, *field.message_type()->map_value());
    }
  }

  void ReadOne(const json& value, pb::Message& message, const pb::FieldDescriptor& field) {
    if (!IsTextValue(field)) {
      const pb::Reflection& reflection = *message.GetReflection();
      return ReadMessage(value, field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                                    : *reflection.MutableMessage(&message, &field));
    }
    std::string text;
    if (!TextOf(value, field, text)) return Complain("VALUE_TYPE", absl::StrCat("Send ", Expected(field), "."));
    if (auto fault = SetFromText(message, field, text)) Complain(fault->code, fault->message);
  }

  // Numbers may come as strings (64-bit ones must, in many languages); nothing else is converted.
  static bool TextOf(const json& value, const pb::FieldDescriptor& field, std::string& text) {
    switch (field.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_BOOL:
        if (value.is_boolean()) text = value.get<bool>() ? "true" : "false";
        return value.is_boolean();
      case pb::FieldDescriptor::CPPTYPE_STRING:
      case pb::FieldDescriptor::CPPTYPE_ENUM:
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        if (value.is_string()) text = value.get<std::string>();
        return value.is_string();
      case pb::FieldDescriptor::CPPTYPE_INT32:
      case pb::FieldDescriptor::CPPTYPE_INT64:
      case pb::FieldDescriptor::CPPTYPE_UINT32:
      case pb::FieldDescriptor::CPPTYPE_UINT64:
      case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      case pb::FieldDescriptor::CPPTYPE_FLOAT: break;
    }
    if (value.is_string()) text = value.get<std::string>();
    if (value.is_number()) text = NumberText(value);
    return value.is_string() || value.is_number();
  }

  // 3.0 is the whole number 3 for senders whose language has one number type.
  static std::string NumberText(const json& value) {
    if (!value.is_number_float()) return value.dump();
    const auto real = value.get<double>();
    if (real > -kMaxExactInteger && real < kMaxExactInteger) {
      const auto whole = static_cast<std::int64_t>(real);
      if (!(static_cast<double>(whole) < real) && !(static_cast<double>(whole) > real)) return absl::StrCat(whole);
    }
    return value.dump();
  }

  static std::string Expected(const pb::FieldDescriptor& field) {
    switch (field.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_BOOL: return "true or false";
      case pb::FieldDescriptor::CPPTYPE_ENUM: return absl::StrCat("a name of ", field.enum_type()->full_name());
      case pb::FieldDescriptor::CPPTYPE_STRING:
      case pb::FieldDescriptor::CPPTYPE_MESSAGE: return "a string";
      case pb::FieldDescriptor::CPPTYPE_INT32:
      case pb::FieldDescriptor::CPPTYPE_INT64:
      case pb::FieldDescriptor::CPPTYPE_UINT32:
      case pb::FieldDescriptor::CPPTYPE_UINT64:
      case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      case pb::FieldDescriptor::CPPTYPE_FLOAT: break;
    }
    return "a number";
  }

  void Complain(std::string code, std::string message) {
    if (violations_.size() < kMaxViolations) violations_.push_back({path_.text(), std::move(code), std::move(message)});
  }

  FieldPath path_;
  std::vector<core::Violation> violations_;
};

}  // namespace

core::Status FromJson(std::string_view text, pb::Message& message) {
  TILTS_ASSIGN(const json tree, ParseStrictJson(text));
  const std::unique_ptr<pb::Message> fresh(message.New());
  Reader reader;
  reader.ReadMessage(tree, *fresh);
  if (!reader.violations().empty()) {
    return core::Fail(core::Error{core::Errc::kInvalid, "Some fields are not acceptable: correct those listed.",
                                  "JSON_INVALID", reader.violations(), 0});
  }
  message.GetReflection()->Swap(&message, fresh.get());
  return {};
}

}  // namespace tilts::wire
