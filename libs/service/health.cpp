#include "service/health.hpp"

#include <algorithm>
#include <utility>

namespace tilts::service {

bool Health::State::Compute() const {
  return !stopping && std::all_of(conditions.begin(), conditions.end(), [](const auto& entry) { return entry.second; });
}

// Called with the mutex held, so that listeners hear changes in order; a listener must not call back.
void Health::State::Notify() {
  const bool now = Compute();
  if (now == last) return;
  last = now;
  if (listener) listener(now);
}

Health::Setter Health::AddCondition(const std::string& name) {
  const std::lock_guard lock(state_->mutex);
  state_->conditions[name] = false;
  state_->Notify();
  return [state = state_, name](bool met) {
    const std::lock_guard setting(state->mutex);
    state->conditions[name] = met;
    state->Notify();
  };
}

bool Health::ready() const {
  const std::lock_guard lock(state_->mutex);
  return state_->Compute();
}

std::vector<std::string> Health::unmet() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<std::string> names;
  for (const auto& [name, met] : state_->conditions) {
    if (!met) names.push_back(name);
  }
  return names;
}

void Health::StartStopping() {
  const std::lock_guard lock(state_->mutex);
  state_->stopping = true;
  state_->Notify();
}

void Health::OnChange(std::function<void(bool)> listener) {
  const std::lock_guard lock(state_->mutex);
  state_->listener = std::move(listener);
  state_->last = state_->Compute();
  state_->listener(state_->last);
}

}  // namespace tilts::service
