#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "events/bus.hpp"

namespace tilts::events {

// The state behind InMemoryBus: logs and groups under one lock.
class InMemoryBroker {
 public:
  using Positions = std::map<TopicPartition, std::int64_t>;

  void CreateTopic(const std::string& name, std::int32_t partitions);
  core::Status Append(std::span<const OutgoingRecord> records);
  core::Result<std::vector<Watermarks>> Describe(const std::vector<TopicPartition>& partitions) const;
  core::Result<std::vector<TopicPartition>> Partitions(const std::vector<std::string>& topics) const;
  void SetDown(bool down);
  void TruncateBefore(const TopicPartition& partition, std::int64_t low);
  std::vector<Record> Contents(const std::string& topic) const;

  // Groups. A change of members makes everybody rejoin; when all have, partitions are assigned by range.
  // Fails after `wait` when a topic does not exist.
  core::Result<int> Join(const std::string& group, const std::vector<std::string>& topics,
                         std::chrono::milliseconds wait);
  void Leave(const std::string& group, int member);
  bool MustRejoin(const std::string& group, int member) const;
  void Rejoin(const std::string& group, int member);
  std::optional<std::vector<TopicPartition>> TakeAssignment(const std::string& group, int member);

  // One record at one of `positions`; returns early when the member must rejoin or has an assignment to take.
  std::optional<Record> Read(const std::string& group, int member, const Positions& positions,
                             const std::set<TopicPartition>& paused, std::chrono::milliseconds wait,
                             std::vector<TopicPartition>& out_of_range);

 private:
  struct Log {
    std::int64_t low = 0;
    std::vector<Record> records;
    std::int64_t end() const { return low + static_cast<std::int64_t>(records.size()); }
  };
  struct Member {
    std::vector<std::string> topics;
    bool must_rejoin = true;
    std::optional<std::vector<TopicPartition>> assignment;  // not taken yet
  };
  struct Group {
    std::map<int, Member> members;
    TopicPartition last_read;  // round robin over partitions
  };

  Log* Find(const TopicPartition& at);
  void StartRebalance(Group& group);
  void AssignByRange(Group& group);
  std::optional<Record> Next(Group& group, const Positions& positions, const std::set<TopicPartition>& paused,
                             std::vector<TopicPartition>& out_of_range);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::vector<Log>> topics_;
  std::map<std::string, Group> groups_;
  int last_member_ = 0;
  std::int32_t next_random_ = 0;  // partition of records without a key
  bool down_ = false;
};

}  // namespace tilts::events
