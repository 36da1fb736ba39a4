#include "events/consumer_runner.hpp"

#include <algorithm>

#include "events/consumer_loop.hpp"

namespace tilts::events {

std::string_view ToString(PartitionState state) {
  switch (state) {
    case PartitionState::kLoading: return "loading";
    case PartitionState::kRunning: return "running";
    case PartitionState::kWaiting: return "waiting";
    case PartitionState::kRefused: return "refused";
    case PartitionState::kElsewhere: return "elsewhere";
  }
  return "unknown";
}

std::uint64_t RunnerStatus::lag() const {
  std::int64_t records = 0;
  for (const auto* list : {&partitions, &others}) {
    for (const PartitionStatus& one : *list) records += std::max<std::int64_t>(0, one.end_offset - one.stored_offset);
  }
  return static_cast<std::uint64_t>(records);
}

bool RunnerStatus::refused() const {
  for (const PartitionStatus& one : partitions) {
    if (one.state == PartitionState::kRefused) return true;
  }
  return false;
}

ConsumerRunner::ConsumerRunner(Subscription& subscription, BatchProcessor& processor, RunnerOptions options,
                               RunnerProbe* probe)
    : loop_(std::make_unique<Loop>(subscription, processor, options, probe)) {}

ConsumerRunner::~ConsumerRunner() {
  Stop();
}

core::Status ConsumerRunner::Start() {
  return loop_->Start();
}
void ConsumerRunner::Stop() {
  loop_->Stop();
}
core::Result<RunnerStatus> ConsumerRunner::Status() {
  return loop_->Status();
}
RunnerStatus ConsumerRunner::LastStatus() const {
  return loop_->LastStatus();
}

}  // namespace tilts::events
