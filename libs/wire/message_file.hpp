#pragma once

#include <string>

#include "core/result.hpp"

namespace google::protobuf {
class Message;
}

namespace tilts::wire {

// A message kept on disk for a restart while its source is down. Replaced as a whole (write, sync, rename), readable
// by the owner only, with a checksum. kUnavailable when the disk refuses.
core::Status WriteMessageFile(const std::string& path, const google::protobuf::Message& message);

// False, and `message` as it was, for a missing, torn or altered file and for an empty path.
bool ReadMessageFile(const std::string& path, google::protobuf::Message& message);

}  // namespace tilts::wire
