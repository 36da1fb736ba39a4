#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace tilts::log {
class Logger;
}

namespace tilts::service {

using StopDeadline = std::chrono::steady_clock::time_point;

// A part with threads or connections of its own. Starts run in the order of Add, once the RPC server listens; a failing
// start stops the process. Stopping has two phases, each in reverse order of Add: first every `quiesce` (take no new
// work; must not block), then every `stop` (finish what is in hand, close; must return by the deadline).
struct Component {
  std::string name;
  std::function<core::Status()> start;
  std::function<void()> quiesce;
  std::function<void(StopDeadline)> stop;
};

class Lifecycle {
 public:
  explicit Lifecycle(const log::Logger& log) : log_(log) {}

  void Add(Component component);
  core::Status Start();
  // For a component that cannot go on (its fatal error, a fence that keeps failing): stops the process in order, with
  // exit code 1, so that whoever runs it starts it anew. From any thread.
  void Fail(const std::string& component);
  bool failed() const { return failed_; }
  void Quiesce();
  // Names what overran its deadline in the log and goes on.
  void Stop(StopDeadline deadline);

 private:
  const log::Logger& log_;
  std::vector<Component> components_;
  std::size_t started_ = 0;
  std::atomic<bool> failed_{false};
};

}  // namespace tilts::service
