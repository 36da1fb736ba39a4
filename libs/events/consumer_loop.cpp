#include "events/consumer_loop.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tilts::events {
namespace {

using Clock = std::chrono::steady_clock;

std::int64_t Nanoseconds(Clock::time_point at) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count();
}

}  // namespace

ConsumerRunner::Loop::Loop(Subscription& subscription, BatchProcessor& processor, RunnerOptions options,
                           RunnerProbe* probe)
    : subscription_(subscription), processor_(processor), options_(options), probe_(probe ? *probe : no_probe_) {}

core::Status ConsumerRunner::Loop::Start() {
  if (thread_.joinable()) return core::Fail(core::Errc::kInternal, "the consumer runs already", "RUNNER_STARTED");
  TILTS_CHECK(subscription_.Start(*this));
  stopping_ = false;
  Publish(true);
  thread_ = std::thread([this] { Run(); });
  return {};
}

void ConsumerRunner::Loop::Stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void ConsumerRunner::Loop::Run() {
  while (!stopping_) {
    Load();
    RetryWaiting();
    RereadIdle();
    Gather();
    Publish(healthy_);
  }
  subscription_.Close();
  slots_.clear();
  latest_slot_ = nullptr;
  joined_ = false;
  Publish(false);
}

void ConsumerRunner::Loop::OnAssigned(const std::vector<TopicPartition>& partitions) {
  slots_.clear();
  latest_slot_ = nullptr;
  in_hand_ = 0;
  for (const TopicPartition& at : partitions) slots_.emplace(at, Slot{});
  joined_ = true;
}

void ConsumerRunner::Loop::OnRevoked(const std::vector<TopicPartition>& partitions, bool) {
  for (const TopicPartition& at : partitions) {
    processor_.Forget(at);
    slots_.erase(at);
  }
  latest_slot_ = nullptr;
  in_hand_ = 0;
  joined_ = false;
}

void ConsumerRunner::Loop::OnOffsetOutOfRange(const TopicPartition& partition) {
  if (const auto found = slots_.find(partition); found != slots_.end()) {
    Refuse(found->first, found->second, "OFFSET_OUT_OF_RANGE");
  }
}

// Reads the stored offsets of partitions that wait for it, before any state of theirs is loaded.
void ConsumerRunner::Loop::Load() {
  const Instant now = Clock::now();
  std::vector<TopicPartition> wanted;
  for (const auto& [at, slot] : slots_) {
    const bool waits = slot.state == PartitionState::kLoading || slot.state == PartitionState::kRefused;
    if (waits && slot.due <= now) wanted.push_back(at);
  }
  if (wanted.empty()) return;
  // Stored offsets first: what another worker writes meanwhile must not look like an offset beyond the end.
  const auto stored = processor_.LoadOffsets(wanted);
  const auto marks = subscription_.Describe(wanted);
  bool placed = false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    Slot& slot = slots_.at(wanted[i]);
    if (!marks || !stored) {
      Postpone(slot);
      continue;
    }
    slot.stored = (*stored)[i];
    slot.last_read = now;
    placed |= Place(wanted[i], slot, (*marks)[i]);
  }
  if (placed) AssignPlaced();
}

bool ConsumerRunner::Loop::Place(const TopicPartition& at, Slot& slot, const Watermarks& marks) {
  std::int64_t start = slot.stored.value_or(0);
  if (!slot.stored && marks.low > 0) {
    const auto snapshot = processor_.SnapshotOffset(at);
    if (!snapshot) {
      Postpone(slot);
      return false;
    }
    start = snapshot->value_or(0);
  }
  if (start < marks.low) {
    Refuse(at, slot, "HISTORY_GONE");
    return false;
  }
  if (start > marks.end) {
    Refuse(at, slot, "STORED_OFFSET_BEYOND_END");
    return false;
  }
  slot.next = start;
  slot.failures = 0;
  slot.state = PartitionState::kRunning;
  return true;
}

void ConsumerRunner::Loop::Postpone(Slot& slot) {
  ++slot.failures;
  slot.due = Clock::now() + options_.retry.WaitBefore(slot.failures + 1);
}

void ConsumerRunner::Loop::Refuse(const TopicPartition& at, Slot& slot, std::string_view reason) {
  if (slot.state != PartitionState::kRefused) probe_.OnRefused(at, reason);
  slot.state = PartitionState::kRefused;
  slot.inbox.clear();
  slot.due = Clock::now() + options_.offset_reread;
}

void ConsumerRunner::Loop::Reload(const TopicPartition& at, Slot& slot) {
  processor_.Forget(at);
  slot = Slot{};
}

void ConsumerRunner::Loop::AssignPlaced() {
  std::vector<Position> positions;
  std::vector<TopicPartition> waiting;
  for (const auto& [at, slot] : slots_) {
    if (slot.state != PartitionState::kRunning && slot.state != PartitionState::kWaiting) continue;
    positions.push_back({at, slot.next});
    if (slot.state == PartitionState::kWaiting) waiting.push_back(at);
  }
  const auto assigned = subscription_.Assign(positions);
  const auto paused = waiting.empty() ? core::Status{} : subscription_.Pause(waiting);
  if (assigned && paused) return;
  for (auto& [at, slot] : slots_) {
    if (slot.state == PartitionState::kRunning) {
      Reload(at, slot);
      slot.due = Clock::now() + options_.retry.longest_wait;
    }
  }
}

void ConsumerRunner::Loop::RetryWaiting() {
  const Instant now = Clock::now();
  for (auto& [at, slot] : slots_) {
    if (stopping_) return;
    if (slot.state == PartitionState::kWaiting && slot.due <= now) Process(at, slot);
  }
}

// A store that was flushed or restored to an older state shows here, without traffic.
void ConsumerRunner::Loop::RereadIdle() {
  const Instant now = Clock::now();
  std::vector<TopicPartition> idle;
  for (auto& [at, slot] : slots_) {
    if (slot.state != PartitionState::kRunning || now - slot.last_read < options_.offset_reread) continue;
    slot.last_read = now;
    idle.push_back(at);
  }
  if (idle.empty()) return;
  const auto stored = processor_.LoadOffsets(idle);
  for (std::size_t i = 0; stored && i < idle.size(); ++i) {
    Slot& slot = slots_.at(idle[i]);
    if ((*stored)[i] == slot.stored) continue;
    probe_.OnRewind(idle[i], slot.stored.value_or(0), (*stored)[i].value_or(0));
    Reload(idle[i], slot);
  }
}

void ConsumerRunner::Loop::Gather() {
  const Instant now = Clock::now();
  auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(NextDue(now) - now);
  wait = std::clamp(wait, std::chrono::milliseconds(0), options_.poll_wait);
  std::size_t taken = 0;
  for (; taken < options_.batch_records && !stopping_; ++taken) {
    if (spare_.empty()) spare_.emplace_back();
    Record& record = spare_.back();
    const auto polled = subscription_.PollInto(wait, record);
    wait = std::chrono::milliseconds(0);
    if (healthy_ && !polled) probe_.OnPollFailed(polled.error());
    healthy_ = polled.has_value();
    if (!healthy_ || !*polled) break;
    Slot* slot = SlotOf(record.at);
    if (slot == nullptr) continue;
    // What comes before new positions are named is not taken; what still arrives of a paused partition must be, or the
    // client would go on behind it.
    const bool placed = slot->state == PartitionState::kRunning || slot->state == PartitionState::kWaiting;
    if (!placed || record.offset < slot->next) continue;
    slot->next = record.offset + 1;
    slot->inbox.push_back(std::move(record));
    spare_.pop_back();
    ++in_hand_;
  }
  // At rest no memory is kept for the next rush.
  if (taken == 0) spare_ = {};
  // Process may not touch the map: assignments change in Poll and Close only.
  for (auto& [at, slot] : slots_) {
    if (slot.state == PartitionState::kRunning && !slot.inbox.empty()) Process(at, slot);
  }
}

ConsumerRunner::Loop::Slot* ConsumerRunner::Loop::SlotOf(const TopicPartition& at) {
  if (latest_slot_ == nullptr || latest_slot_->first != at) {
    const auto found = slots_.find(at);
    latest_slot_ = found == slots_.end() ? nullptr : &*found;
  }
  return latest_slot_ == nullptr ? nullptr : &latest_slot_->second;
}

void ConsumerRunner::Loop::Reuse(std::vector<Record>& records) {
  if (spare_.size() < options_.batch_records) {
    std::move(records.begin(), records.end(), std::back_inserter(spare_));
  }
  records.clear();
}

void ConsumerRunner::Loop::Process(const TopicPartition& at, Slot& slot) {
  const Instant begin = Clock::now();
  busy_since_ = Nanoseconds(begin);
  const core::Status status = processor_.Process(at, slot.stored, slot.inbox);
  busy_since_ = 0;
  const Instant end = Clock::now();
  if (end - begin > options_.stuck_after / 2) probe_.OnSlowBatch(at, end - begin);
  if (!status) {
    Fail(at, slot, status.error());
    return;
  }
  probe_.OnBatch(at, slot.inbox.size(), end - begin);
  slot.stored = slot.inbox.back().offset + 1;
  Reuse(slot.inbox);
  slot.last_read = end;
  slot.failures = 0;
  if (slot.state == PartitionState::kWaiting) {
    slot.state = PartitionState::kRunning;
    if (!subscription_.Resume({at})) Reload(at, slot);
  }
}

void ConsumerRunner::Loop::Fail(const TopicPartition& at, Slot& slot, const core::Error& error) {
  if (error.code == core::Errc::kConflict && error.reason == kOffsetFenced) {
    probe_.OnFenced(at);
    Reload(at, slot);
    return;
  }
  if (error.code == core::Errc::kRefused && error.reason == kRecordBlocks) {
    processor_.Forget(at);
    Refuse(at, slot, kRecordBlocks);
    static_cast<void>(subscription_.Pause({at}));  // what still arrives is not taken
    return;
  }
  Postpone(slot);
  probe_.OnRetry(at, error, slot.failures);
  if (slot.state == PartitionState::kWaiting) return;
  slot.state = PartitionState::kWaiting;
  if (!subscription_.Pause({at})) Reload(at, slot);
}

void ConsumerRunner::Loop::Publish(bool running) {
  const std::lock_guard lock(mutex_);
  published_.running = running;
  published_.joined = joined_;
  std::vector<PartitionStatus> now;
  now.reserve(slots_.size());
  std::size_t in_hand = 0;
  auto before = published_.partitions.begin();
  for (const auto& [at, slot] : slots_) {
    in_hand += slot.inbox.size();
    while (before != published_.partitions.end() && before->at < at) ++before;
    const bool known = before != published_.partitions.end() && before->at == at;
    now.push_back({at, slot.state, slot.stored.value_or(0), known ? before->end_offset : 0});
  }
  published_.partitions = std::move(now);
  in_hand_ = in_hand;
}

RunnerStatus ConsumerRunner::Loop::LastStatus() const {
  RunnerStatus status;
  {
    const std::lock_guard lock(mutex_);
    status = published_;
  }
  status.busy = in_hand_;
  const std::int64_t since = busy_since_;
  status.stuck = since != 0 && std::chrono::nanoseconds(Nanoseconds(Clock::now()) - since) > options_.stuck_after;
  return status;
}

core::Result<RunnerStatus> ConsumerRunner::Loop::Status() {
  TILTS_ASSIGN(const auto partitions, subscription_.Partitions());
  if (partitions.empty()) return LastStatus();
  TILTS_ASSIGN(const auto marks, subscription_.Describe(partitions));
  std::map<TopicPartition, std::int64_t> ends;
  for (std::size_t i = 0; i < partitions.size(); ++i) ends[partitions[i]] = marks[i].end;
  {
    const std::lock_guard lock(mutex_);
    for (PartitionStatus& one : published_.partitions) {
      if (const auto end = ends.find(one.at); end != ends.end()) one.end_offset = end->second;
    }
  }
  // Stored offsets are read after the ends: a record between the two shows as lag, never as rest.
  RunnerStatus status = LastStatus();
  for (const PartitionStatus& own : status.partitions) ends.erase(own.at);
  TILTS_ASSIGN(status.others, Others(ends));
  return status;
}

core::Result<std::vector<PartitionStatus>> ConsumerRunner::Loop::Others(
    const std::map<TopicPartition, std::int64_t>& ends) {
  std::vector<PartitionStatus> others;
  if (ends.empty()) return others;
  std::vector<TopicPartition> partitions;
  for (const auto& [at, end] : ends) partitions.push_back(at);
  TILTS_ASSIGN(const auto stored, processor_.LoadOffsets(partitions));
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const TopicPartition& at = partitions[i];
    others.push_back({at, PartitionState::kElsewhere, stored[i].value_or(0), ends.at(at)});
  }
  return others;
}

ConsumerRunner::Loop::Instant ConsumerRunner::Loop::NextDue(Instant now) const {
  Instant next = now + options_.poll_wait;
  for (const auto& [at, slot] : slots_) {
    if (slot.state != PartitionState::kRunning) next = std::min(next, slot.due);
  }
  return next;
}

}  // namespace tilts::events
