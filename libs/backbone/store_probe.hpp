#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "events/consumer_runner.hpp"
#include "events/handler_probe.hpp"
#include "log/log.hpp"
#include "metrics/metrics.hpp"
#include "postgres/outbox_relay.hpp"

namespace tilts::backbone {

// What relay, consumer and handlers tell about themselves, as metrics and log lines. Labels are topics, event types of
// the contracts, outcomes and reasons: closed sets.
class RelayMetrics : public postgres::RelayProbe {
 public:
  RelayMetrics(metrics::Registry& registry, const log::Logger& log);

  void OnPublished(std::size_t rows, std::chrono::nanoseconds took) override;
  void OnFailed(const core::Error& error) override;

  // Read by the backbone's watcher.
  void ShowOutbox(const postgres::OutboxStatus& outbox, core::CityTime machine_now) const;

 private:
  const log::Logger& log_;
  metrics::Counter published_;
  metrics::Counter failures_;
  metrics::Histogram took_;
  metrics::Gauge rows_;
  metrics::Gauge oldest_;
  int failures_in_a_row_ = 0;
};

class ConsumerMetrics : public events::RunnerProbe, public events::HandlerProbe {
 public:
  // `next` (may be null) hears of every record too.
  ConsumerMetrics(metrics::Registry& registry, const log::Logger& log, const std::vector<std::string>& topics,
                  events::HandlerProbe* next);

  void OnBatch(const events::TopicPartition& at, std::size_t records, std::chrono::nanoseconds took) override;
  void OnRetry(const events::TopicPartition& at, const core::Error& error, int attempt) override;
  void OnFenced(const events::TopicPartition& at) override;
  void OnRewind(const events::TopicPartition& at, std::int64_t from, std::int64_t to) override;
  void OnRefused(const events::TopicPartition& at, std::string_view reason) override;
  void OnPollFailed(const core::Error& error) override;
  void OnSlowBatch(const events::TopicPartition& at, std::chrono::nanoseconds took) override;
  void OnRecord(const std::string& topic, const std::string& event_type, Outcome outcome) override {
    OnRecords(topic, event_type, outcome, 1);
  }
  void OnRecords(const std::string& topic, const std::string& event_type, Outcome outcome, std::size_t count) override;
  void OnSequenceGap(const std::string& topic) override;

  // `oldest`: since when the oldest of them waits.
  void ShowLag(std::uint64_t records, std::chrono::nanoseconds oldest, std::uint64_t dead_letters) const;

 private:
  struct OfTopic {
    metrics::Histogram batch;
    metrics::Counter retries;
    metrics::Counter fenced;
    metrics::Counter rewinds;
    metrics::Counter refused;
    metrics::Counter gaps;
    bool sparse_sequences = false;
    // Event type ("" for what cannot be read) to one counter per outcome.
    std::map<std::string, std::vector<metrics::Counter>, std::less<>> records;
  };
  const OfTopic& Of(const std::string& topic) const;

  const log::Logger& log_;
  events::HandlerProbe* const next_;
  std::map<std::string, OfTopic> topics_;
  OfTopic unknown_;  // counts into nothing
  metrics::Gauge lag_;
  metrics::Gauge lag_seconds_;
  metrics::Gauge dead_letters_;
};

}  // namespace tilts::backbone
