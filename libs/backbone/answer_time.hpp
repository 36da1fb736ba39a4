#pragma once

#include <chrono>

#include "metrics/metrics.hpp"

namespace tilts::backbone {

// How long a store takes to answer the small question that readiness asks it. A default one counts into nothing.
class AnswerTime {
 public:
  AnswerTime() = default;
  // `store`: "postgres", "kafka", "redis".
  AnswerTime(metrics::Registry& registry, const char* store)
      : seconds_(registry.AddHistogram("tilts_store_answer_seconds", "Time a store takes to answer a small question.",
                                       {{"store", store}})) {}

  void Observe(std::chrono::nanoseconds took) const { seconds_.Observe(std::chrono::duration<double>(took).count()); }

  template <typename Ask>
  auto Of(Ask ask) const {
    const auto asked = std::chrono::steady_clock::now();
    auto answer = ask();
    Observe(std::chrono::steady_clock::now() - asked);
    return answer;
  }

 private:
  metrics::Histogram seconds_;
};

}  // namespace tilts::backbone
