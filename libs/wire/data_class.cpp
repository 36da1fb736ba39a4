#include "wire/data_class.hpp"

#include <absl/strings/match.h>
#include <google/protobuf/descriptor.h>
#include <tilts/options/v1/options.pb.h>

namespace tilts::wire {

int DataClassOf(const google::protobuf::FieldDescriptor& field) {
  return static_cast<int>(field.options().GetExtension(options::v1::data_class));
}

bool IsTiltsContract(const google::protobuf::FileDescriptor& file) {
  return absl::StartsWith(file.package(), "tilts.") && file.package() != "tilts.options.v1";
}

bool HasOwnClasses(const google::protobuf::FieldDescriptor& field) {
  return field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE && !field.is_map() &&
         IsTiltsContract(*field.message_type()->file());
}

}  // namespace tilts::wire
