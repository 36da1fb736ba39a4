#include "notification/adapters/feed_waiters.hpp"

#include <algorithm>
#include <set>

#include "notification/adapters/feed_store.hpp"

namespace tilts::notification {
namespace {

constexpr std::chrono::milliseconds kLookInterval{250};
constexpr std::size_t kMostWaiters = 5'000;

}  // namespace

void FeedWaiters::Start() {
  thread_ = std::thread([this] { Run(); });
}

void FeedWaiters::Quiesce() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void FeedWaiters::Stop() {
  Quiesce();
  if (thread_.joinable()) thread_.join();
}

void FeedWaiters::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void FeedWaiters::Wait(std::string institution_id, std::uint64_t cursor, Clock::time_point until,
                       std::function<void()> then) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && waiters_.size() < kMostWaiters) {
      waiters_.push_back({std::move(institution_id), cursor, until, std::move(then)});
      woken_ = true;  // what was written since the caller looked must not wait for the next interval
      changed_.notify_all();
      return;
    }
  }
  then();
}

void FeedWaiters::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (waiters_.empty()) {
      changed_.wait(lock, [this] { return stopping_ || !waiters_.empty(); });
    } else {
      changed_.wait_for(lock, kLookInterval, [this] { return stopping_ || woken_; });
    }
    woken_ = false;
    lock.unlock();
    for (const Waiter& waiter : TakeReady()) waiter.then();
    lock.lock();
  }
  std::vector<Waiter> rest = std::move(waiters_);
  lock.unlock();
  for (const Waiter& waiter : rest) waiter.then();
}

std::vector<FeedWaiters::Waiter> FeedWaiters::TakeReady() {
  std::set<std::string> names;
  {
    const std::lock_guard lock(mutex_);
    for (const Waiter& waiter : waiters_) names.insert(waiter.institution_id);
  }
  auto heads = FeedStore::Heads(database_, {names.begin(), names.end()});
  if (!heads) {
    log_.Warning("feeds cannot be looked at", {{"reason", heads.error().reason}});
    heads = std::map<std::string, std::uint64_t>();
  }
  const auto now = Clock::now();
  const auto ready = [&](const Waiter& waiter) {
    const auto head = heads->find(waiter.institution_id);
    return waiter.until <= now || (head != heads->end() && head->second > waiter.cursor);
  };
  const std::lock_guard lock(mutex_);
  const auto first =
      std::stable_partition(waiters_.begin(), waiters_.end(), [&](const Waiter& w) { return !ready(w); });
  std::vector<Waiter> taken(std::make_move_iterator(first), std::make_move_iterator(waiters_.end()));
  waiters_.erase(first, waiters_.end());
  return taken;
}

}  // namespace tilts::notification
