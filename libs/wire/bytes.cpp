#include "wire/bytes.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/common.h>

#include "wire/field_path.hpp"

namespace tilts::wire {
namespace {

namespace pb = google::protobuf;

bool IsUtf8(const std::string& text) {
  return pb::internal::IsStructurallyValidUTF8(text.data(), static_cast<int>(text.size()));
}

// The same answer as the walk below without its paths: nearly every message is right.
bool HasOnlyUtf8(const pb::Message& message) {
  const pb::Descriptor& type = *message.GetDescriptor();
  if (type.extension_range_count() > 0) return false;
  const pb::Reflection& reflection = *message.GetReflection();
  std::string scratch;
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor& field = *type.field(i);
    const bool text = field.type() == pb::FieldDescriptor::TYPE_STRING;
    if (!text && field.cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field.is_repeated()) {
      const bool right =
          text ? IsUtf8(reflection.GetStringReference(message, &field, &scratch))
               : !reflection.HasField(message, &field) || HasOnlyUtf8(reflection.GetMessage(message, &field));
      if (!right) return false;
      continue;
    }
    for (int at = 0; at < reflection.FieldSize(message, &field); ++at) {
      const bool right = text ? IsUtf8(reflection.GetRepeatedStringReference(message, &field, at, &scratch))
                              : HasOnlyUtf8(reflection.GetRepeatedMessage(message, &field, at));
      if (!right) return false;
    }
  }
  return true;
}

class Utf8Walk {
 public:
  void Visit(const pb::Message& message) {
    const pb::Reflection& reflection = *message.GetReflection();
    std::vector<const pb::FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const pb::FieldDescriptor* field : fields) {
      const auto scope = path_.Field(field->name());
      if (!field->is_repeated()) {
        VisitOne(message, reflection, *field, -1);
        continue;
      }
      const int count = reflection.FieldSize(message, field);
      for (int i = 0; i < count; ++i) {
        const auto index = path_.Index(static_cast<std::size_t>(i));
        VisitOne(message, reflection, *field, i);
      }
    }
  }

  std::vector<core::Violation> violations;

 private:
  void VisitOne(const pb::Message& message, const pb::Reflection& reflection, const pb::FieldDescriptor& field, int i) {
    if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      return Visit(i < 0 ? reflection.GetMessage(message, &field) : reflection.GetRepeatedMessage(message, &field, i));
    }
    if (field.type() != pb::FieldDescriptor::TYPE_STRING) return;
    std::string scratch;
    const std::string& text = i < 0 ? reflection.GetStringReference(message, &field, &scratch)
                                    : reflection.GetRepeatedStringReference(message, &field, i, &scratch);
    if (!IsUtf8(text)) {
      violations.push_back({path_.text(), "TEXT_NOT_UTF8", "Send text in UTF-8."});
    }
  }

  FieldPath path_;
};

}  // namespace

core::Status CheckUtf8(const pb::Message& message) {
  if (HasOnlyUtf8(message)) return {};
  Utf8Walk walk;
  walk.Visit(message);
  if (walk.violations.empty()) return {};
  return core::Fail(
      core::Error{core::Errc::kInvalid, "Some text is not UTF-8.", "TEXT_NOT_UTF8", std::move(walk.violations), 0});
}

core::Result<std::string> Serialize(const pb::Message& message) {
  TILTS_CHECK(CheckUtf8(message));
  std::string bytes;
  if (!message.SerializeToString(&bytes)) {
    return core::Fail(core::Errc::kInternal, "The message could not be serialised.");
  }
  return bytes;
}

core::Status Parse(std::string_view bytes, pb::Message& message) {
  if (bytes.empty()) return core::Fail(core::Errc::kCorrupt, "The message has no bytes.", "MESSAGE_EMPTY");
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return core::Fail(core::Errc::kCorrupt, "The bytes are not the message they should be.", "MESSAGE_CORRUPT");
  }
  return {};
}

}  // namespace tilts::wire
