#include "indicator_aggregation/adapters/authorities.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace tilts::indicator_aggregation {

struct Authorities::State {
  explicit State(Fetch a_fetch) : fetch(std::move(a_fetch)) {}

  Fetch fetch;
  mutable std::mutex mutex;
  std::map<std::string, std::string> known;  // guarded by mutex
  std::mutex thread_mutex;
  std::condition_variable_any wake;
  std::jthread thread;
};

Authorities::Authorities(Fetch fetch) : state_(std::make_unique<State>(std::move(fetch))) {}
Authorities::~Authorities() {
  Stop();
}

void Authorities::Start(std::chrono::milliseconds interval) {
  state_->thread = std::jthread([this, interval](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      static_cast<void>(Refresh());
      std::unique_lock lock(state_->thread_mutex);
      state_->wake.wait_for(lock, stop, interval, [] { return false; });
    }
  });
}

void Authorities::Stop() {
  if (!state_->thread.joinable()) return;
  state_->thread.request_stop();
  state_->thread.join();
}

core::Status Authorities::Refresh() {
  TILTS_ASSIGN(auto answer, state_->fetch());
  const std::lock_guard lock(state_->mutex);
  state_->known = std::move(answer);
  return {};
}

std::optional<std::string> Authorities::MunicipalityOf(const std::string& institution_id) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->known.find(institution_id);
  return found == state_->known.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace tilts::indicator_aggregation
