#include "service/lifecycle.hpp"

#include <unistd.h>

#include <csignal>
#include <utility>

#include "log/log.hpp"

namespace tilts::service {

void Lifecycle::Add(Component component) {
  components_.push_back(std::move(component));
}

core::Status Lifecycle::Start() {
  for (const Component& component : components_) {
    ++started_;  // a half-started component is stopped too
    if (!component.start) continue;
    if (auto status = component.start(); !status) {
      log_.Error("a component did not start", {{"component", component.name}, {"reason", status.error().message}});
      return status;
    }
  }
  return {};
}

void Lifecycle::Fail(const std::string& component) {
  if (failed_.exchange(true)) return;
  log_.Error("a component cannot go on: stopping the process", {{"component", component}});
  ::kill(::getpid(), SIGTERM);
}

void Lifecycle::Quiesce() {
  for (std::size_t i = started_; i > 0; --i) {
    if (components_[i - 1].quiesce) components_[i - 1].quiesce();
  }
}

void Lifecycle::Stop(StopDeadline deadline) {
  for (; started_ > 0; --started_) {
    const Component& component = components_[started_ - 1];
    if (component.stop) component.stop(deadline);
    if (std::chrono::steady_clock::now() > deadline) {
      log_.Warning("a component stopped late", {{"component", component.name}});
    }
  }
}

}  // namespace tilts::service
