#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "rpc/call.hpp"

namespace tilts::rpc {

// Callers that wait for something to become true, for a while. They hold no thread of the executor: one thread answers
// them all. Used with MethodTable::BindDeferred.
class LongPoll {
 public:
  LongPoll();
  ~LongPoll();
  LongPoll(const LongPoll&) = delete;
  LongPoll& operator=(const LongPoll&) = delete;

  // Runs `then` once: when `ready` holds after a Wake, at `until`, or when we stop; on this object's thread, or on the
  // caller's when `ready` holds already or no more may wait. `ready` is asked under a lock: it must be quick.
  void Wait(Deadline until, std::function<bool()> ready, std::function<void()> then);
  // Something has changed: those that wait are asked again.
  void Wake();
  // Ends every wait and takes no more.
  void Stop();

 private:
  struct Waiter {
    Deadline until;
    std::function<bool()> ready;
    std::function<void()> then;
  };

  void Run();
  std::vector<Waiter> TakeReady();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiter> waiters_;
  bool woken_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

// When a call that may wait so long is to be answered: at most 30 s, and before its own deadline.
Deadline WaitOf(const CallContext& call, std::uint32_t wait_seconds);

}  // namespace tilts::rpc
