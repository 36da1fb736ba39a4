#pragma once

#include <vector>

#include "core/result.hpp"

namespace google::protobuf {
class Message;
}

namespace tilts::config {

// Secrets written in the file, by the `never_in_file` option.
std::vector<core::Violation> FindSecrets(const google::protobuf::Message& message);

// Fills defaults, creates required sections, and returns what is missing or out of bounds.
std::vector<core::Violation> FillAndCheck(google::protobuf::Message& message);

}  // namespace tilts::config
