#include "wire/projection.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <vector>

#include "wire/data_class.hpp"
#include "wire/json.hpp"

namespace tilts::wire {
namespace {

namespace pb = google::protobuf;

// Values of a map<string, message of ours> are projected like any other message.
const pb::FieldDescriptor* MessageInside(const pb::FieldDescriptor& field) {
  if (!field.is_map()) return HasOwnClasses(field) ? &field : nullptr;
  const pb::FieldDescriptor* value = field.message_type()->map_value();
  return HasOwnClasses(*value) ? value : nullptr;
}

bool Visible(const pb::FieldDescriptor& field, const View& view) {
  const int data_class = DataClassOf(field);
  if (data_class == 0) return HasOwnClasses(field);
  return view.Shows(data_class);
}

void ProjectChild(pb::Message& child, const pb::FieldDescriptor& field, const pb::FieldDescriptor& inside,
                  const View& view) {
  if (field.is_map()) {
    const pb::Reflection& entry = *child.GetReflection();
    if (entry.HasField(child, &inside)) Project(*entry.MutableMessage(&child, &inside), view);
  } else {
    Project(child, view);
  }
}

}  // namespace

bool View::Shows(int data_class) const {
  return data_class > 0 && static_cast<std::size_t>(data_class) < classes_.size() &&
         classes_.test(static_cast<std::size_t>(data_class));
}

void Project(pb::Message& message, const View& view) {
  const pb::Reflection& reflection = *message.GetReflection();
  // A field of a newer contract has a class that we cannot know.
  reflection.MutableUnknownFields(&message)->Clear();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    if (!Visible(*field, view)) {
      reflection.ClearField(&message, field);
      continue;
    }
    const pb::FieldDescriptor* inside = MessageInside(*field);
    if (inside == nullptr) continue;
    if (!field->is_repeated()) {
      Project(*reflection.MutableMessage(&message, field), view);
      continue;
    }
    const int count = reflection.FieldSize(message, field);
    for (int i = 0; i < count; ++i) {
      ProjectChild(*reflection.MutableRepeatedMessage(&message, field, i), *field, *inside, view);
    }
  }
}

core::Result<std::string> ProjectedJson(const pb::Message& message, const View& view) {
  const std::unique_ptr<pb::Message> copy(message.New());
  copy->CopyFrom(message);
  Project(*copy, view);
  return ToJson(*copy);
}

}  // namespace tilts::wire
