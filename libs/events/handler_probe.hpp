#pragma once

#include <cstddef>
#include <string>

namespace tilts::events {

// What a record became. Called once per record after what it did was written.
class HandlerProbe {
 public:
  enum class Outcome { kHandled, kDuplicate, kDeadLettered, kParked };
  virtual ~HandlerProbe() = default;
  // `event_type` is empty for a record that cannot be read.
  virtual void OnRecord(const std::string& /*topic*/, const std::string& /*event_type*/, Outcome) {}
  // As many of the same kind and outcome.
  virtual void OnRecords(const std::string& topic, const std::string& event_type, Outcome outcome, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) OnRecord(topic, event_type, outcome);
  }
  // The sequence of an aggregate jumped: a producer lost something or history is incomplete.
  virtual void OnSequenceGap(const std::string& /*topic*/) {}
};

}  // namespace tilts::events
