#include "backbone/watch.hpp"

#include <chrono>

namespace tilts::backbone {
namespace {

constexpr std::chrono::seconds kInterval{1};

}  // namespace

void Watch::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Watch::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Watch::Run() {
  std::unique_lock lock(mutex_);
  for (int looks = 0; !stopping_; ++looks) {
    lock.unlock();
    look_(looks);
    lock.lock();
    changed_.wait_for(lock, kInterval, [this] { return stopping_; });
  }
}

}  // namespace tilts::backbone
