#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "core/result.hpp"

namespace tilts::metrics {
class Registry;
}

namespace tilts::rpc {

// A fixed number of threads and a bounded queue. gRPC's own threads only hand work over: on two cores it has two of
// them, and one blocked handler would stop every other call.
class Executor {
 public:
  Executor(std::string name, std::size_t threads, std::size_t queue_size, metrics::Registry& metrics);
  // Stops with no patience.
  ~Executor();

  // kOverloaded at once when the queue is full, kUnavailable once stopping. A task must not throw; what it throws is
  // swallowed and counted.
  core::Status Submit(std::function<void()> task);

  // Refuses new tasks, runs what is queued until `patience` ends, then drops the queue. False: a task is still running;
  // its thread is left behind and everything it needs stays alive.
  bool Stop(std::chrono::milliseconds patience);

  std::size_t queued() const;
  std::size_t running() const;

 private:
  struct Parts;
  std::shared_ptr<Parts> parts_;
};

}  // namespace tilts::rpc
