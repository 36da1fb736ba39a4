#include "events/in_memory_bus.hpp"

#include <algorithm>

#include "events/in_memory_broker.hpp"

namespace tilts::events {
namespace {

using Broker = InMemoryBroker;

class MemoryPublisher : public Publisher {
 public:
  explicit MemoryPublisher(std::shared_ptr<Broker> broker) : broker_(std::move(broker)) {}
  core::Status Publish(std::span<const OutgoingRecord> records) override { return broker_->Append(records); }

 private:
  std::shared_ptr<Broker> broker_;
};

class MemorySubscription : public Subscription {
 public:
  MemorySubscription(std::shared_ptr<Broker> broker, std::string group, std::vector<std::string> topics)
      : broker_(std::move(broker)), group_(std::move(group)), topics_(std::move(topics)) {}
  ~MemorySubscription() override { Leave(); }

  core::Status Start(Listener& listener) override {
    listener_ = &listener;
    return {};
  }

  core::Status Assign(const std::vector<Position>& positions) override {
    for (const Position& position : positions) {
      if (std::find(assigned_.begin(), assigned_.end(), position.at) == assigned_.end()) {
        return core::Fail(core::Errc::kRefused, "the partition is not assigned to this member", "NOT_ASSIGNED");
      }
    }
    positions_.clear();
    paused_.clear();
    for (const Position& position : positions) positions_[position.at] = position.offset;
    return {};
  }

  core::Result<std::optional<Record>> Poll(std::chrono::milliseconds wait) override {
    if (listener_ == nullptr) return core::Fail(core::Errc::kInternal, "call Start first", "NOT_STARTED");
    if (member_ == 0) {
      TILTS_ASSIGN(member_, broker_->Join(group_, topics_, wait));
    }
    Rebalance();
    std::vector<TopicPartition> out_of_range;
    auto record = broker_->Read(group_, member_, positions_, paused_, wait, out_of_range);
    for (const TopicPartition& at : out_of_range) {
      positions_.erase(at);
      listener_->OnOffsetOutOfRange(at);
    }
    if (record) positions_[record->at] = record->offset + 1;
    return record;
  }

  core::Status Pause(const std::vector<TopicPartition>& partitions) override {
    paused_.insert(partitions.begin(), partitions.end());
    return {};
  }
  core::Status Resume(const std::vector<TopicPartition>& partitions) override {
    for (const TopicPartition& at : partitions) paused_.erase(at);
    return {};
  }
  core::Result<std::vector<Watermarks>> Describe(const std::vector<TopicPartition>& partitions) override {
    return broker_->Describe(partitions);
  }
  core::Result<std::vector<TopicPartition>> Partitions() override { return broker_->Partitions(topics_); }

  void Close() override {
    if (listener_ == nullptr) return;
    Revoke();
    Leave();
    listener_ = nullptr;
  }

 private:
  void Rebalance() {
    if (!broker_->MustRejoin(group_, member_)) {
      if (auto assignment = broker_->TakeAssignment(group_, member_)) {
        assigned_ = *assignment;
        listener_->OnAssigned(assigned_);
      }
      return;
    }
    Revoke();
    broker_->Rejoin(group_, member_);
  }

  void Revoke() {
    positions_.clear();
    paused_.clear();
    if (!assigned_.empty()) listener_->OnRevoked(std::exchange(assigned_, {}), false);
  }

  void Leave() {
    if (member_ != 0) broker_->Leave(group_, std::exchange(member_, 0));
  }

  std::shared_ptr<Broker> broker_;
  std::string group_;
  std::vector<std::string> topics_;
  int member_ = 0;
  Listener* listener_ = nullptr;
  std::vector<TopicPartition> assigned_;
  std::map<TopicPartition, std::int64_t> positions_;
  std::set<TopicPartition> paused_;
};

}  // namespace

struct InMemoryBus::Broker : InMemoryBroker {};

InMemoryBus::InMemoryBus() : broker_(std::make_shared<Broker>()) {}
InMemoryBus::~InMemoryBus() = default;

void InMemoryBus::CreateTopic(const std::string& name, std::int32_t partitions) {
  broker_->CreateTopic(name, partitions);
}
std::unique_ptr<Publisher> InMemoryBus::MakePublisher() {
  return std::make_unique<MemoryPublisher>(broker_);
}
std::unique_ptr<Subscription> InMemoryBus::MakeSubscription(const std::string& group,
                                                            const std::vector<std::string>& topics) {
  return std::make_unique<MemorySubscription>(broker_, group, topics);
}
void InMemoryBus::SetDown(bool down) {
  broker_->SetDown(down);
}
void InMemoryBus::TruncateBefore(const TopicPartition& partition, std::int64_t low) {
  broker_->TruncateBefore(partition, low);
}
std::vector<Record> InMemoryBus::Contents(const std::string& topic) const {
  return broker_->Contents(topic);
}

}  // namespace tilts::events
