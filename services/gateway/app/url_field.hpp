#pragma once

namespace google::protobuf {
class FieldDescriptor;
}

namespace tilts::gateway {

// URLs end up in logs of proxies and browsers: nothing about a child may stand there.
bool MayStandInUrl(const google::protobuf::FieldDescriptor& field);

}  // namespace tilts::gateway
