#include "config/bounds.hpp"

#include <absl/strings/str_join.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>
#include <tilts/options/v1/options.pb.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "config/field_text.hpp"
#include "core/concat.hpp"

namespace tilts::config {
namespace {

using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using options::v1::Bounds;

bool IsSection(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && field.message_type() != Duration::descriptor() &&
         !field.is_map();
}

// Calls `visit` for every sub-message that is there, with its path.
void ForEachSection(Message& message, const FieldDescriptor& field, const std::string& path,
                    const std::function<void(Message&, const std::string&)>& visit) {
  const auto& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    if (reflection.HasField(message, &field)) visit(*reflection.MutableMessage(&message, &field), path);
    return;
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    visit(*reflection.MutableRepeatedMessage(&message, &field, i), core::Concat(path, "[", i, "]"));
  }
}

// Numbers, durations in seconds, lengths of lists.
std::optional<double> Measure(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (field.is_repeated()) return reflection.FieldSize(message, &field);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32: return reflection.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT32: return reflection.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT64: return static_cast<double>(reflection.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_INT64: return static_cast<double>(reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE: return reflection.GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const auto& duration = dynamic_cast<const Duration&>(reflection.GetMessage(message, &field));
      return static_cast<double>(duration.seconds()) + 1e-9 * duration.nanos();
    }
    case FieldDescriptor::CPPTYPE_STRING:
    case FieldDescriptor::CPPTYPE_BOOL:
    case FieldDescriptor::CPPTYPE_ENUM:
    case FieldDescriptor::CPPTYPE_FLOAT: break;
  }
  return std::nullopt;
}

class Checker {
 public:
  std::vector<core::Violation> violations;

  void Visit(Message& message, const std::string& prefix) {
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message.GetDescriptor()->field(i);
      const std::string path = prefix.empty() ? field.name() : core::Concat(prefix, ".", field.name());
      const Bounds& bounds = field.options().GetExtension(options::v1::bounds);
      if (IsSection(field)) {
        if (bounds.required() && !field.is_repeated()) message.GetReflection()->MutableMessage(&message, &field);
        ForEachSection(message, field, path,
                       [this](Message& section, const std::string& name) { Visit(section, name); });
      } else {
        VisitValue(message, field, bounds, path);
      }
    }
  }

 private:
  void VisitValue(Message& message, const FieldDescriptor& field, const Bounds& bounds, const std::string& path) {
    if (!field.is_repeated() && !message.GetReflection()->HasField(message, &field)) {
      if (bounds.required()) Complain(path, "REQUIRED", "set this value");
      if (bounds.default_value().empty()) return;
      if (auto set = SetFromText(message, field, bounds.default_value()); !set) {
        Complain(path, "DEFAULT", "the contract's default does not fit the field");
      }
    }
    CheckBounds(message, field, bounds, path);
  }

  void CheckBounds(const Message& message, const FieldDescriptor& field, const Bounds& bounds,
                   const std::string& path) {
    if (!bounds.allowed().empty()) {
      const std::string value = message.GetReflection()->GetString(message, &field);
      if (std::find(bounds.allowed().begin(), bounds.allowed().end(), value) == bounds.allowed().end()) {
        Complain(path, "NOT_ALLOWED", core::Concat("use one of ", absl::StrJoin(bounds.allowed(), ", ")));
      }
    }
    if (!bounds.has_min() && !bounds.has_max()) return;
    const std::optional<double> size = Measure(message, field);
    if (!size) return;
    const std::string_view what = field.is_repeated() ? "as many entries" : "a value";
    if (bounds.has_min() && *size < bounds.min()) {
      Complain(path, "OUT_OF_BOUNDS", core::Concat("use ", what, " of at least ", bounds.min()));
    }
    if (bounds.has_max() && *size > bounds.max()) {
      Complain(path, "OUT_OF_BOUNDS", core::Concat("use ", what, " of at most ", bounds.max()));
    }
  }

  void Complain(const std::string& path, std::string code, std::string message) {
    violations.push_back({path, std::move(code), std::move(message)});
  }
};

void CollectSecrets(const Message& message, const std::string& prefix, std::vector<core::Violation>& found) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = prefix.empty() ? field->name() : core::Concat(prefix, ".", field->name());
    if (field->options().GetExtension(options::v1::bounds).never_in_file()) {
      found.push_back({path, "SECRET_IN_FILE", "use the environment variable or a *_file key instead"});
    } else if (IsSection(*field) && !field->is_repeated()) {
      CollectSecrets(message.GetReflection()->GetMessage(message, field), path, found);
    }
  }
}

}  // namespace

std::vector<core::Violation> FindSecrets(const Message& message) {
  std::vector<core::Violation> found;
  CollectSecrets(message, "", found);
  return found;
}

std::vector<core::Violation> FillAndCheck(Message& message) {
  Checker checker;
  checker.Visit(message, "");
  return std::move(checker.violations);
}

}  // namespace tilts::config
