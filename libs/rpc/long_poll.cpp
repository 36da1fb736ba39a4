#include "rpc/long_poll.hpp"

#include <algorithm>
#include <iterator>

namespace tilts::rpc {
namespace {

constexpr std::size_t kMostWaiters = 1'000;
constexpr std::uint32_t kLongestSeconds = 30;
// The answer's way back.
constexpr std::chrono::milliseconds kMargin{200};

}  // namespace

LongPoll::LongPoll() : thread_([this] { Run(); }) {}

LongPoll::~LongPoll() {
  Stop();
}

void LongPoll::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LongPoll::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void LongPoll::Wait(Deadline until, std::function<bool()> ready, std::function<void()> then) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && waiters_.size() < kMostWaiters && !ready()) {
      waiters_.push_back({until, std::move(ready), std::move(then)});
      woken_ = true;  // the thread looks at its nearest end anew
      changed_.notify_all();
      return;
    }
  }
  then();
}

void LongPoll::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto nearest = std::min_element(waiters_.begin(), waiters_.end(),
                                          [](const Waiter& a, const Waiter& b) { return a.until < b.until; });
    const auto asked = [this] { return stopping_ || woken_; };
    if (nearest == waiters_.end()) {
      changed_.wait(lock, asked);
    } else {
      const Deadline until = nearest->until;
      changed_.wait_until(lock, until, asked);
    }
    woken_ = false;
    const std::vector<Waiter> taken = TakeReady();
    lock.unlock();
    for (const Waiter& waiter : taken) waiter.then();
    lock.lock();
  }
  const std::vector<Waiter> rest = std::move(waiters_);
  lock.unlock();
  for (const Waiter& waiter : rest) waiter.then();
}

std::vector<LongPoll::Waiter> LongPoll::TakeReady() {
  const auto now = std::chrono::steady_clock::now();
  const auto first = std::stable_partition(waiters_.begin(), waiters_.end(),
                                           [now](const Waiter& one) { return one.until > now && !one.ready(); });
  std::vector<Waiter> taken(std::make_move_iterator(first), std::make_move_iterator(waiters_.end()));
  waiters_.erase(first, waiters_.end());
  return taken;
}

Deadline WaitOf(const CallContext& call, std::uint32_t wait_seconds) {
  const Deadline asked =
      std::chrono::steady_clock::now() + std::chrono::seconds(std::min(wait_seconds, kLongestSeconds));
  return std::min(asked, call.deadline - kMargin);
}

}  // namespace tilts::rpc
