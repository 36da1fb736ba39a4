#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "events/batch_processor.hpp"
#include "events/bus.hpp"
#include "events/retry_policy.hpp"

namespace tilts::events {

enum class PartitionState {
  kLoading,  // offset not read from the store yet
  kRunning,
  kWaiting,    // a batch failed and is tried again later
  kRefused,    // its history is gone, or a record blocks it; an operator must act
  kElsewhere,  // not assigned to this member: another one's, or nobody's while a session runs out
};
std::string_view ToString(PartitionState state);

// What the runner tells about itself; metrics and logs are made of it (kafka/runner_metrics.hpp). Labels are closed
// sets; nothing here holds personal data. Called from the poll thread.
class RunnerProbe {
 public:
  virtual ~RunnerProbe() = default;
  virtual void OnBatch(const TopicPartition&, std::size_t /*records*/, std::chrono::nanoseconds) {}
  virtual void OnRetry(const TopicPartition&, const core::Error&, int /*attempt*/) {}
  virtual void OnFenced(const TopicPartition&) {}
  virtual void OnRewind(const TopicPartition&, std::int64_t /*from*/, std::int64_t /*to*/) {}
  // reason: HISTORY_GONE, STORED_OFFSET_BEYOND_END, OFFSET_OUT_OF_RANGE, RECORD_BLOCKS.
  virtual void OnRefused(const TopicPartition&, std::string_view /*reason*/) {}
  virtual void OnSlowBatch(const TopicPartition&, std::chrono::nanoseconds) {}
  // The first of a row of polls that failed; reasons as Subscription::Poll has them.
  virtual void OnPollFailed(const core::Error&) {}
};

struct RunnerOptions {
  std::size_t batch_records = 500;
  std::chrono::milliseconds poll_wait{100};
  // An idle partition's stored offset is read again this often, so that a lost or older store is noticed.
  std::chrono::milliseconds offset_reread{5'000};
  // A batch that takes longer is a stuck handler (max.poll.interval.ms cannot be relied on).
  std::chrono::milliseconds stuck_after{30'000};
  RetryPolicy retry;
};

struct PartitionStatus {
  TopicPartition at;
  PartitionState state = PartitionState::kLoading;
  std::int64_t stored_offset = 0;  // next offset to read, as the store has it
  std::int64_t end_offset = 0;     // highest acknowledged + 1
};

struct RunnerStatus {
  bool running = false;
  bool joined = false;                      // the group has assigned partitions (maybe none) to this member
  bool stuck = false;                       // a handler is over its limit
  std::size_t busy = 0;                     // records in hand
  std::vector<PartitionStatus> partitions;  // assigned to this member
  // The rest of its topics, by Status() only. A member that stops keeps its partitions until its session ends, so what
  // nobody reads must count: any one member's lag is that of the whole group.
  std::vector<PartitionStatus> others;

  std::uint64_t lag() const;
  bool refused() const;
};

// The one consumer of every service: one poll thread; loads a partition's offset from the processor's store before
// anything else; processes batches per partition; on a fenced write drops state and re-reads the store; waits with
// backoff, paused but polling, while a part is down; never skips a record.
class ConsumerRunner {
 public:
  // All three must outlive the runner. `probe` may be null.
  ConsumerRunner(Subscription& subscription, BatchProcessor& processor, RunnerOptions options = {},
                 RunnerProbe* probe = nullptr);
  ~ConsumerRunner();
  ConsumerRunner(const ConsumerRunner&) = delete;
  ConsumerRunner& operator=(const ConsumerRunner&) = delete;

  core::Status Start();
  // Finishes the batch in hand, leaves the group, joins. Safe to call twice.
  void Stop();

  // Asks the broker for end offsets, and the store for what is not this member's; safe from any thread.
  core::Result<RunnerStatus> Status();
  // Without asking anybody: end offsets are those of the last Status(), `others` is empty.
  RunnerStatus LastStatus() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace tilts::events
