#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "events/batch_processor.hpp"
#include "events/bus.hpp"
#include "events/handler_probe.hpp"
#include "risk_scoring/adapters/partition_store.hpp"
#include "risk_scoring/app/partition.hpp"

namespace tilts::risk_scoring {

// ConsumerRunner's processor on Redis. A batch: its records into the partition held in memory; what that says published
// and acknowledged; then one compare-and-set of the changed state and the offset. A crash or a rewind between the two
// says the same again, with the same ids. From the poll thread.
//
// The partition is read once and held until it is forgotten; whatever goes wrong drops it, and the next batch reads it
// again: nothing half done is ever built upon.
class PartitionProcessor : public events::BatchProcessor {
 public:
  // All must outlive the processor; `probe` may be null.
  PartitionProcessor(const PartitionStore& store, events::Publisher& publisher, CardInForce first_card,
                     const core::CityClock& clock, events::HandlerProbe* probe = nullptr);
  ~PartitionProcessor() override;

  // From any thread: a status asks too.
  core::Result<std::vector<std::optional<std::int64_t>>> LoadOffsets(
      const std::vector<events::TopicPartition>& partitions) override;
  core::Status Process(const events::TopicPartition& at, std::optional<std::int64_t> expected,
                       std::span<const events::Record> records) override;
  void Forget(const events::TopicPartition& at) override { held_.erase(at); }

  // Called when outputs are acknowledged and nothing is written yet; an error ends the batch there. For tests that die
  // between the two.
  void SetAfterPublish(std::function<core::Status()> hook) { after_publish_ = std::move(hook); }

 private:
  struct Held {
    std::optional<StoredPosition> position;
    Partition partition;
  };
  struct Batch;

  core::Result<Held*> Hold(const events::TopicPartition& at, std::optional<std::int64_t> expected);
  core::Status Take(Held& held, std::span<const events::Record> records, Batch& batch) const;
  core::Status Commit(const events::TopicPartition& at, Held& held, std::span<const events::Record> records,
                      Batch& batch);
  core::Status Publish(const std::vector<events::Draft>& drafts);
  void Report(std::span<const events::Record> records, const Batch& batch);

  const PartitionStore& store_;
  events::Publisher& publisher_;
  const CardInForce first_card_;
  const core::CityClock& clock_;
  events::HandlerProbe no_probe_;
  events::HandlerProbe& probe_;
  std::function<core::Status()> after_publish_;
  std::map<events::TopicPartition, Held> held_;
};

// The partition as it was kept. kCorrupt names nothing personal.
core::Result<Partition> Restore(const Snapshot& snapshot, const CardInForce& first_card);

// What the effects changed, in the form it is kept in.
core::Result<Changes> ChangesOf(const Partition& partition, const Effects& effects);

}  // namespace tilts::risk_scoring
