#include "service/refresher.hpp"

#include <algorithm>
#include <utility>

namespace tilts::service {

Refresher::Refresher(RefreshPace pace, std::function<core::Status()> refresh)
    : pace_(pace), refresh_(std::move(refresh)) {}

Refresher::~Refresher() {
  Stop();
}

void Refresher::OnReady(std::function<void()> listener) {
  on_ready_ = std::move(listener);
}

void Refresher::Start(bool known) {
  thread_ = std::jthread([this, known](const std::stop_token& stop) { Run(stop, known); });
}

void Refresher::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Refresher::Run(const std::stop_token& stop, bool known) {
  const auto grace_over = std::chrono::steady_clock::now() + pace_.grace;
  bool answered = false;
  bool told = false;
  const auto tell_when = [&](bool ready) {
    if (!ready || std::exchange(told, true) || !on_ready_) return;
    on_ready_();
  };
  tell_when(known);
  while (!stop.stop_requested()) {
    if (refresh_()) answered = true;
    const auto now = std::chrono::steady_clock::now();
    tell_when(answered || now >= grace_over);
    auto wait = answered ? pace_.interval : std::min(pace_.interval, pace_.first_tries);
    if (!told) wait = std::min(wait, std::chrono::ceil<std::chrono::milliseconds>(grace_over - now));
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, wait, [] { return false; });
  }
}

}  // namespace tilts::service
