#pragma once

#include <string>

namespace google::protobuf {
class FieldDescriptor;
class FileDescriptor;
}  // namespace google::protobuf

namespace tilts::wire {

// Number of the field's tilts.options.v1.DataClass; 0 = none.
int DataClassOf(const google::protobuf::FieldDescriptor& field);

// A message of our own contracts, whose fields carry their own classes. Everything else (scalars,
// well-known types, maps) is a value and needs a class itself.
bool HasOwnClasses(const google::protobuf::FieldDescriptor& field);

bool IsTiltsContract(const google::protobuf::FileDescriptor& file);

}  // namespace tilts::wire
