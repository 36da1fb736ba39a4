#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "log/log.hpp"
#include "postgres/database.hpp"

namespace tilts::notification {

// Callers that wait for the first item after their cursor. They hold no thread; one thread looks at the heads of the
// feeds that are waited for, at once when this process wrote and a few times a second for what replicas wrote.
class FeedWaiters {
 public:
  using Clock = std::chrono::steady_clock;

  FeedWaiters(postgres::Database& database, const log::Logger& log) : database_(database), log_(log) {}
  ~FeedWaiters() { Stop(); }
  FeedWaiters(const FeedWaiters&) = delete;
  FeedWaiters& operator=(const FeedWaiters&) = delete;

  void Start();
  // Ends every wait and takes no more; does not block.
  void Quiesce();
  void Stop();
  void Wake();

  // Runs `then` once: when the feed has gone beyond `cursor`, at `until`, or when we stop; on this object's thread, or
  // on the caller's when no more waits are possible.
  void Wait(std::string institution_id, std::uint64_t cursor, Clock::time_point until, std::function<void()> then);

 private:
  struct Waiter {
    std::string institution_id;
    std::uint64_t cursor = 0;
    Clock::time_point until;
    std::function<void()> then;
  };

  void Run();
  std::vector<Waiter> TakeReady();

  postgres::Database& database_;
  const log::Logger& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiter> waiters_;
  bool woken_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tilts::notification
