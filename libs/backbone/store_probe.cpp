#include "backbone/store_probe.hpp"

#include "events/catalogue.hpp"

namespace tilts::backbone {
namespace {

constexpr int kLogEvery = 30;  // of failures in a row: the first one and then every so many

double Seconds(std::chrono::nanoseconds took) {
  return std::chrono::duration<double>(took).count();
}

// In the order of HandlerProbe::Outcome.
constexpr const char* kOutcomes[] = {"handled", "duplicate", "dead_lettered", "parked"};

}  // namespace

RelayMetrics::RelayMetrics(metrics::Registry& registry, const log::Logger& log)
    : log_(log),
      published_(registry.AddCounter("tilts_outbox_published_total", "Outbox rows the broker has acknowledged")),
      failures_(registry.AddCounter("tilts_outbox_failures_total", "Outbox batches that could not be published")),
      took_(registry.AddHistogram("tilts_outbox_batch_duration_seconds", "From reading a batch to its deletion")),
      rows_(registry.AddGauge("tilts_outbox_rows", "Rows that wait in the outbox")),
      oldest_(registry.AddGauge("tilts_outbox_oldest_seconds", "Age of the oldest row in the outbox")) {}

void RelayMetrics::OnPublished(std::size_t rows, std::chrono::nanoseconds took) {
  failures_in_a_row_ = 0;
  published_.Add(static_cast<double>(rows));
  took_.Observe(Seconds(took));
}

void RelayMetrics::OnFailed(const core::Error& error) {
  failures_.Add();
  if (failures_in_a_row_++ % kLogEvery != 0) return;
  log_.Warning("the outbox could not be published", {{"code", core::ToString(error.code)}, {"reason", error.reason}});
}

void RelayMetrics::ShowOutbox(const postgres::OutboxStatus& outbox, core::CityTime machine_now) const {
  rows_.Set(static_cast<double>(outbox.rows));
  const auto age = outbox.oldest_at ? machine_now - *outbox.oldest_at : core::CityTime::duration::zero();
  oldest_.Set(std::max(0.0, std::chrono::duration<double>(age).count()));
}

ConsumerMetrics::ConsumerMetrics(metrics::Registry& registry, const log::Logger& log,
                                 const std::vector<std::string>& topics, events::HandlerProbe* next)
    : log_(log),
      next_(next),
      lag_(registry.AddGauge("tilts_kafka_consumer_lag_messages",
                             "Records of the whole group between the stored offsets and the ends")),
      lag_seconds_(registry.AddGauge("tilts_kafka_consumer_lag_seconds",
                                     "How long the oldest of them has been seen waiting, at least")),
      dead_letters_(registry.AddGauge("tilts_events_dead_letters_rows", "Records kept as dead letters or behind one")) {
  const events::Catalogue& catalogue = events::Catalogue::BuiltIn();
  for (const std::string& topic : topics) {
    const metrics::Labels labels = {{"topic", topic}};
    OfTopic& of = topics_[topic];
    if (const events::Topic* declared = catalogue.FindTopic(topic)) of.sparse_sequences = declared->sparse_sequences;
    of.batch = registry.AddHistogram("tilts_events_batch_duration_seconds", "One batch and its transaction", labels);
    of.retries = registry.AddCounter("tilts_events_retries_total", "Batches that are tried again", labels);
    of.fenced = registry.AddCounter("tilts_events_fenced_total", "Writes refused by the stored offset", labels);
    of.rewinds = registry.AddCounter("tilts_events_rewinds_total", "Stored offsets that changed under us", labels);
    of.refused =
        registry.AddCounter("tilts_events_refused_total", "Partitions that are not read until somebody acts", labels);
    of.gaps = registry.AddCounter("tilts_events_sequence_gaps_total", "Sequences of an aggregate that jumped", labels);
    std::vector<std::string> types = {""};
    for (const std::string& type : catalogue.event_types()) {
      for (const events::Topic* candidate : catalogue.TopicsOf(type)) {
        if (candidate->name == topic) types.push_back(type);
      }
    }
    for (const std::string& type : types) {
      for (const char* outcome : kOutcomes) {
        of.records[type].push_back(registry.AddCounter(
            "tilts_events_handled_total", "Records by what became of them",
            {{"topic", topic}, {"handler", type.empty() ? "unreadable" : type}, {"outcome", outcome}}));
      }
    }
  }
}

const ConsumerMetrics::OfTopic& ConsumerMetrics::Of(const std::string& topic) const {
  const auto found = topics_.find(topic);
  return found == topics_.end() ? unknown_ : found->second;
}

void ConsumerMetrics::OnBatch(const events::TopicPartition& at, std::size_t, std::chrono::nanoseconds took) {
  Of(at.topic).batch.Observe(Seconds(took));
}

void ConsumerMetrics::OnRetry(const events::TopicPartition& at, const core::Error& error, int attempt) {
  Of(at.topic).retries.Add();
  if (attempt % kLogEvery != 1) return;
  log_.Warning("a batch waits to be tried again", {{"topic", at.topic},
                                                   {"partition", at.partition},
                                                   {"attempt", attempt},
                                                   {"code", core::ToString(error.code)},
                                                   {"reason", error.reason}});
}

void ConsumerMetrics::OnFenced(const events::TopicPartition& at) {
  Of(at.topic).fenced.Add();
  log_.Warning("another worker has written this partition: reading its stored offset again",
               {{"topic", at.topic}, {"partition", at.partition}});
}

void ConsumerMetrics::OnRewind(const events::TopicPartition& at, std::int64_t from, std::int64_t to) {
  Of(at.topic).rewinds.Add();
  log_.Warning("the stored offset has changed: following it",
               {{"topic", at.topic}, {"partition", at.partition}, {"from", from}, {"to", to}});
}

void ConsumerMetrics::OnRefused(const events::TopicPartition& at, std::string_view reason) {
  Of(at.topic).refused.Add();
  log_.Error("a partition is not read until somebody acts: its history is gone, or a record blocks it",
             {{"topic", at.topic}, {"partition", at.partition}, {"reason", reason}});
}

void ConsumerMetrics::OnSlowBatch(const events::TopicPartition& at, std::chrono::nanoseconds took) {
  log_.Warning("a batch took long", {{"topic", at.topic}, {"partition", at.partition}, {"seconds", Seconds(took)}});
}

void ConsumerMetrics::OnPollFailed(const core::Error& error) {
  log_.Error("the consumer cannot read", {{"reason", error.reason}, {"problem", error.message}});
}

void ConsumerMetrics::OnRecords(const std::string& topic, const std::string& event_type, Outcome outcome,
                                std::size_t count) {
  const OfTopic& of = Of(topic);
  if (const auto found = of.records.find(event_type); found != of.records.end()) {
    found->second[static_cast<std::size_t>(outcome)].Add(static_cast<double>(count));
  }
  if (outcome == Outcome::kDeadLettered) {
    log_.Error("a record could not be processed and is kept as a dead letter",
               {{"topic", topic}, {"event_type", event_type}});
  }
  if (next_ != nullptr) next_->OnRecords(topic, event_type, outcome, count);
}

void ConsumerMetrics::OnSequenceGap(const std::string& topic) {
  const OfTopic& of = Of(topic);
  if (of.sparse_sequences) return;
  of.gaps.Add();
  log_.Error("the sequence of an aggregate jumped: a producer lost something", {{"topic", topic}});
  if (next_ != nullptr) next_->OnSequenceGap(topic);
}

void ConsumerMetrics::ShowLag(std::uint64_t records, std::chrono::nanoseconds oldest,
                              std::uint64_t dead_letters) const {
  lag_.Set(static_cast<double>(records));
  lag_seconds_.Set(Seconds(oldest));
  dead_letters_.Set(static_cast<double>(dead_letters));
}

}  // namespace tilts::backbone
