#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "core/result.hpp"

namespace google::protobuf {
class Message;
}

namespace tilts::tiltsctl {

class Connection;

// What a command works with.
struct Session {
  Connection& connection;
  bool json = false;
  bool progress = false;  // standard error is a terminal
  std::ostream& out;
  std::ostream& err;
};

inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;  // the answer was no, or a verification found something
inline constexpr int kUsage = 2;
inline constexpr int kUnreachable = 3;

// The exit code, or why there is no answer.
using Command = std::function<core::Result<int>(Session&)>;

// As JSON, or as `print` writes it for people.
core::Result<int> Show(Session& session, const google::protobuf::Message& message, const std::function<void()>& print);

// To `err`; the exit code that fits.
int Complain(std::ostream& err, const core::Error& error);

}  // namespace tilts::tiltsctl
