#include "events/in_memory_broker.hpp"

#include <algorithm>

#include "events/in_memory_bus.hpp"

namespace tilts::events {

std::int32_t PartitionOf(std::string_view key, std::int32_t partitions) {
  constexpr std::uint32_t kSeed = 0x9747b28c;
  constexpr std::uint32_t kMultiplier = 0x5bd1e995;
  const auto byte = [&](std::size_t at) { return std::uint32_t{static_cast<std::uint8_t>(key[at])}; };
  std::uint32_t hash = kSeed ^ static_cast<std::uint32_t>(key.size());
  std::size_t at = 0;
  for (; at + 4 <= key.size(); at += 4) {
    std::uint32_t word = byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16 | byte(at + 3) << 24;
    word *= kMultiplier;
    word ^= word >> 24;
    word *= kMultiplier;
    hash *= kMultiplier;
    hash ^= word;
  }
  if (at < key.size()) {
    for (std::size_t i = key.size(); i-- > at;) hash ^= byte(i) << (8 * (i - at));
    hash *= kMultiplier;
  }
  hash ^= hash >> 13;
  hash *= kMultiplier;
  hash ^= hash >> 15;
  return static_cast<std::int32_t>((hash & 0x7fffffff) % static_cast<std::uint32_t>(partitions));
}

void InMemoryBroker::CreateTopic(const std::string& name, std::int32_t partitions) {
  const std::lock_guard lock(mutex_);
  topics_.try_emplace(name, static_cast<std::size_t>(partitions));
  changed_.notify_all();
}

core::Status InMemoryBroker::Append(std::span<const OutgoingRecord> records) {
  const std::lock_guard lock(mutex_);
  if (down_) return core::Fail(core::Errc::kUnavailable, "the broker does not answer", "PUBLISH_UNCONFIRMED");
  for (const OutgoingRecord& record : records) {
    const auto found = topics_.find(record.topic);
    if (found == topics_.end()) return core::Fail(core::Errc::kInvalid, "create the topic first", "TOPIC_UNKNOWN");
    const auto count = static_cast<std::int32_t>(found->second.size());
    if (record.partition && (*record.partition < 0 || *record.partition >= count)) {
      return core::Fail(core::Errc::kInvalid, "the topic has no such partition", "TOPIC_UNKNOWN");
    }
    if (record.value.size() > kMaxRecordBytes) {
      return core::Fail(core::Errc::kInvalid, "the record is too large", "RECORD_TOO_LARGE");
    }
  }
  for (const OutgoingRecord& record : records) {
    auto& logs = topics_.at(record.topic);
    const auto count = static_cast<std::int32_t>(logs.size());
    const std::int32_t partition = record.partition
                                       ? *record.partition
                                       : (record.key.empty() ? next_random_++ % count : PartitionOf(record.key, count));
    Log& log = logs[static_cast<std::size_t>(partition)];
    log.records.push_back({{record.topic, partition}, log.end(), record.key, record.value, record.headers});
  }
  changed_.notify_all();
  return {};
}

core::Result<std::vector<Watermarks>> InMemoryBroker::Describe(const std::vector<TopicPartition>& partitions) const {
  const std::lock_guard lock(mutex_);
  if (down_) return core::Fail(core::Errc::kUnavailable, "the broker does not answer", "BROKER_DOWN");
  std::vector<Watermarks> marks;
  for (const TopicPartition& at : partitions) {
    const auto found = topics_.find(at.topic);
    if (found == topics_.end() || at.partition < 0 || at.partition >= static_cast<int>(found->second.size())) {
      return core::Fail(core::Errc::kInvalid, "the topic has no such partition", "TOPIC_UNKNOWN");
    }
    const Log& log = found->second[static_cast<std::size_t>(at.partition)];
    marks.push_back({log.low, log.end()});
  }
  return marks;
}

core::Result<std::vector<TopicPartition>> InMemoryBroker::Partitions(const std::vector<std::string>& topics) const {
  const std::lock_guard lock(mutex_);
  if (down_) return core::Fail(core::Errc::kUnavailable, "the broker does not answer", "BROKER_DOWN");
  std::vector<TopicPartition> partitions;
  for (const std::string& topic : topics) {
    const auto found = topics_.find(topic);
    const std::size_t count = found == topics_.end() ? 0 : found->second.size();
    for (std::size_t i = 0; i < count; ++i) partitions.push_back({topic, static_cast<std::int32_t>(i)});
  }
  return partitions;
}

void InMemoryBroker::SetDown(bool down) {
  const std::lock_guard lock(mutex_);
  down_ = down;
  changed_.notify_all();
}

void InMemoryBroker::TruncateBefore(const TopicPartition& partition, std::int64_t low) {
  const std::lock_guard lock(mutex_);
  Log* log = Find(partition);
  if (log == nullptr || low <= log->low) return;
  const std::int64_t gone = std::min(low, log->end()) - log->low;
  log->records.erase(log->records.begin(), log->records.begin() + gone);
  log->low += gone;
}

std::vector<Record> InMemoryBroker::Contents(const std::string& topic) const {
  const std::lock_guard lock(mutex_);
  std::vector<Record> all;
  if (const auto found = topics_.find(topic); found != topics_.end()) {
    for (const Log& log : found->second) all.insert(all.end(), log.records.begin(), log.records.end());
  }
  return all;
}

core::Result<int> InMemoryBroker::Join(const std::string& group, const std::vector<std::string>& topics,
                                       std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  const auto exist = [&] {
    return std::all_of(topics.begin(), topics.end(), [&](const auto& topic) { return topics_.contains(topic); });
  };
  if (!changed_.wait_for(lock, wait, exist)) {
    return core::Fail(core::Errc::kInvalid, "a topic does not exist: create it", "TOPIC_UNKNOWN");
  }
  const int member = ++last_member_;
  groups_[group].members.emplace(member, Member{topics, true, std::nullopt});
  StartRebalance(groups_[group]);
  return member;
}

void InMemoryBroker::Leave(const std::string& group, int member) {
  const std::lock_guard lock(mutex_);
  groups_[group].members.erase(member);
  StartRebalance(groups_[group]);
}

bool InMemoryBroker::MustRejoin(const std::string& group, int member) const {
  const std::lock_guard lock(mutex_);
  return groups_.at(group).members.at(member).must_rejoin;
}

void InMemoryBroker::Rejoin(const std::string& group, int member) {
  const std::lock_guard lock(mutex_);
  Group& all = groups_[group];
  all.members.at(member).must_rejoin = false;
  const bool complete =
      std::none_of(all.members.begin(), all.members.end(), [](const auto& entry) { return entry.second.must_rejoin; });
  if (complete) AssignByRange(all);
}

std::optional<std::vector<TopicPartition>> InMemoryBroker::TakeAssignment(const std::string& group, int member) {
  const std::lock_guard lock(mutex_);
  return std::exchange(groups_[group].members.at(member).assignment, std::nullopt);
}

std::optional<Record> InMemoryBroker::Read(const std::string& group, int member, const Positions& positions,
                                           const std::set<TopicPartition>& paused, std::chrono::milliseconds wait,
                                           std::vector<TopicPartition>& out_of_range) {
  std::unique_lock lock(mutex_);
  std::optional<Record> record;
  Group& all = groups_[group];
  changed_.wait_for(lock, wait, [&] {
    const Member& self = all.members.at(member);
    if (self.must_rejoin || self.assignment) return true;
    record = Next(all, positions, paused, out_of_range);
    return record.has_value() || !out_of_range.empty();
  });
  return record;
}

InMemoryBroker::Log* InMemoryBroker::Find(const TopicPartition& at) {
  const auto found = topics_.find(at.topic);
  if (found == topics_.end() || at.partition < 0 || at.partition >= static_cast<int>(found->second.size())) {
    return nullptr;
  }
  return &found->second[static_cast<std::size_t>(at.partition)];
}

void InMemoryBroker::StartRebalance(Group& group) {
  for (auto& [id, member] : group.members) {
    member.must_rejoin = true;
    member.assignment.reset();
  }
  changed_.notify_all();
}

// Kafka's range assignor: per topic, members in order get consecutive partitions, the first ones one more.
void InMemoryBroker::AssignByRange(Group& group) {
  std::map<std::string, std::vector<Member*>> interested;
  for (auto& [id, member] : group.members) {
    member.assignment.emplace();
    for (const std::string& topic : member.topics) interested[topic].push_back(&member);
  }
  for (auto& [topic, members] : interested) {
    const std::size_t partitions = topics_.at(topic).size();
    std::size_t next = 0;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::size_t share = partitions / members.size() + (i < partitions % members.size() ? 1 : 0);
      for (std::size_t taken = 0; taken < share; ++taken, ++next) {
        members[i]->assignment->push_back({topic, static_cast<std::int32_t>(next)});
      }
    }
  }
  changed_.notify_all();
}

std::optional<Record> InMemoryBroker::Next(Group& group, const Positions& positions,
                                           const std::set<TopicPartition>& paused,
                                           std::vector<TopicPartition>& out_of_range) {
  if (down_) return std::nullopt;
  auto at = positions.upper_bound(group.last_read);
  for (std::size_t i = 0; i < positions.size(); ++i, ++at) {
    if (at == positions.end()) at = positions.begin();
    if (paused.contains(at->first)) continue;
    const Log* log = Find(at->first);
    if (log == nullptr || at->second < log->low || at->second > log->end()) {
      out_of_range.push_back(at->first);
      continue;
    }
    if (at->second == log->end()) continue;
    group.last_read = at->first;
    return log->records[static_cast<std::size_t>(at->second - log->low)];
  }
  return std::nullopt;
}

}  // namespace tilts::events
