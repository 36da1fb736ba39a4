#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "events/consumer_runner.hpp"

namespace tilts::events {

// The poll thread of a ConsumerRunner. Everything but the published status belongs to that thread.
class ConsumerRunner::Loop : private Subscription::Listener {
 public:
  Loop(Subscription& subscription, BatchProcessor& processor, RunnerOptions options, RunnerProbe* probe);
  ~Loop() override { Stop(); }

  core::Status Start();
  void Stop();
  core::Result<RunnerStatus> Status();
  RunnerStatus LastStatus() const;

 private:
  using Instant = std::chrono::steady_clock::time_point;

  // One assigned partition.
  struct Slot {
    PartitionState state = PartitionState::kLoading;
    std::optional<std::int64_t> stored;  // what the store held when last read or written: the expected value
    std::int64_t next = 0;               // the next offset to come from Poll
    std::vector<Record> inbox;           // polled, not yet processed
    int failures = 0;
    Instant due{};        // kLoading, kWaiting, kRefused: when to try again
    Instant last_read{};  // of the stored offset
  };
  using Slots = std::map<TopicPartition, Slot>;

  void OnAssigned(const std::vector<TopicPartition>& partitions) override;
  void OnRevoked(const std::vector<TopicPartition>& partitions, bool lost) override;
  void OnOffsetOutOfRange(const TopicPartition& partition) override;

  void Run();
  void Load();
  // True when the partition may be read from slot.next.
  bool Place(const TopicPartition& at, Slot& slot, const Watermarks& marks);
  void Postpone(Slot& slot);
  void Refuse(const TopicPartition& at, Slot& slot, std::string_view reason);
  void Reload(const TopicPartition& at, Slot& slot);
  void AssignPlaced();
  void RetryWaiting();
  void RereadIdle();
  void Gather();
  void Process(const TopicPartition& at, Slot& slot);
  void Fail(const TopicPartition& at, Slot& slot, const core::Error& error);
  void Publish(bool running);
  // Partitions that are not this member's, with the end offsets given.
  core::Result<std::vector<PartitionStatus>> Others(const std::map<TopicPartition, std::int64_t>& ends);
  Instant NextDue(Instant now) const;
  // Nothing: the partition is not assigned to this member.
  Slot* SlotOf(const TopicPartition& at);
  void Reuse(std::vector<Record>& records);

  Subscription& subscription_;
  BatchProcessor& processor_;
  const RunnerOptions options_;
  RunnerProbe no_probe_;
  RunnerProbe& probe_;

  Slots slots_;
  Slots::value_type* latest_slot_ = nullptr;  // of the record before: the next one mostly belongs there too
  std::vector<Record> spare_;                 // processed, for their memory
  bool joined_ = false;
  bool healthy_ = true;  // the last Poll was no error
  std::thread thread_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::int64_t> busy_since_{0};  // steady nanoseconds; 0: idle
  std::atomic<std::size_t> in_hand_{0};

  mutable std::mutex mutex_;  // guards published_
  RunnerStatus published_;
};

}  // namespace tilts::events
