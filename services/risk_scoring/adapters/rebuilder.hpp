#pragma once

#include <tilts/operations/v1/rebuild_service.pb.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/clock.hpp"
#include "kafka/log_reader.hpp"
#include "log/log.hpp"
#include "risk_scoring/adapters/partition_store.hpp"
#include "risk_scoring/app/partition.hpp"
#include "rpc/long_poll.hpp"

namespace tilts::risk_scoring {

struct RebuilderParts {
  const PartitionStore& store;
  kafka::KafkaOptions kafka;
  CardInForce first_card;
  std::vector<events::TopicPartition> partitions;
  const core::CityClock& clock;
  const log::Logger& log;
};

// Replays the log from its beginning beside the live worker and compares, partition by partition: what Redis holds is
// taken as of one offset, and the replay brought to exactly there. An apply then fills a fresh namespace with the
// replayed state and switches to it: the live worker, fenced, goes on from that offset and says again what it said
// since.
class Rebuilder {
 public:
  explicit Rebuilder(RebuilderParts parts) : parts_(std::move(parts)) {}
  ~Rebuilder() { Stop(); }
  Rebuilder(const Rebuilder&) = delete;
  Rebuilder& operator=(const Rebuilder&) = delete;

  // The same id again changes nothing. kRefused with reason REBUILD_RUNNING while another one runs.
  core::Status Start(const std::string& rebuild_id, operations::v1::RebuildMode mode);
  // kNotFound for an id this process did not start, or forgot at its end.
  core::Result<operations::v1::GetRebuildResponse> Progress(const std::string& rebuild_id) const;
  // Calls back once with the progress: when the rebuild has ended, at `until`, or at once if there is no such rebuild.
  void AwaitEnd(const std::string& rebuild_id, rpc::Deadline until,
                std::function<void(const core::Result<operations::v1::GetRebuildResponse>&)> then);
  bool running() const { return running_; }
  // Ends a running rebuild between two reads. Safe to call twice.
  void Stop();

 private:
  using Report = operations::v1::GetRebuildResponse;

  void Run(const std::string& rebuild_id, operations::v1::RebuildMode mode);
  core::Status RunAll(Report& report, const std::string& rebuild_id, operations::v1::RebuildMode mode);
  // What a replay made: the state, and the letters it met.
  struct Replayed {
    Partition partition;
    Changes::Fields letters;
  };
  core::Result<Replayed> Replay(const events::TopicPartition& at, std::int64_t until, kafka::LogReader& reader,
                                Report& report);
  core::Status Apply(const events::TopicPartition& at, const StoredPosition& from, const std::string& space,
                     const Replayed& replayed);
  void Publish(const Report& report);

  const RebuilderParts parts_;
  std::atomic<bool> running_ = false;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;  // guards reports_, current_, thread_
  std::map<std::string, Report> reports_;
  std::string current_;
  std::thread thread_;
  rpc::LongPoll ends_;
};

}  // namespace tilts::risk_scoring
