#include "events/consumer_runner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>

#include "events/in_memory_bus.hpp"
#include "events/memory_store.hpp"
#include "testing/wait_for.hpp"

namespace tilts::events {
namespace {

using std::chrono::milliseconds;
using testing::MemoryProcessor;
using testing::MemoryStore;
using tilts::testing::WaitFor;

constexpr milliseconds kLimit{5'000};

RunnerOptions FastOptions() {
  RunnerOptions options;
  options.batch_records = 10;
  options.poll_wait = milliseconds(5);
  options.offset_reread = milliseconds(20);
  options.stuck_after = milliseconds(50);
  options.retry.first_wait = milliseconds(1);
  options.retry.longest_wait = milliseconds(10);
  return options;
}

class NotingProbe : public RunnerProbe {
 public:
  void OnRetry(const TopicPartition&, const core::Error&, int) override { ++retries; }
  void OnFenced(const TopicPartition&) override { ++fenced; }
  void OnRewind(const TopicPartition&, std::int64_t, std::int64_t) override { ++rewinds; }
  void OnRefused(const TopicPartition&, std::string_view reason) override {
    const std::lock_guard lock(mutex);
    refused.emplace_back(reason);
  }
  std::vector<std::string> Refused() {
    const std::lock_guard lock(mutex);
    return refused;
  }

  std::atomic<int> retries = 0;
  std::atomic<int> fenced = 0;
  std::atomic<int> rewinds = 0;

 private:
  std::mutex mutex;
  std::vector<std::string> refused;
};

class ConsumerRunnerTest : public ::testing::Test {
 protected:
  ConsumerRunnerTest() : publisher_(bus_.MakePublisher()) { bus_.CreateTopic("facts", 3); }

  void Publish(int from, int to) {
    std::vector<OutgoingRecord> records;
    for (int i = from; i < to; ++i) {
      const std::string id = std::to_string(i);
      records.push_back({"facts", "key" + std::to_string(i % 7), std::nullopt, id, id, {}});
    }
    ASSERT_TRUE(publisher_->Publish(records).has_value());
  }

  std::map<std::string, int> Counted() const {
    std::map<std::string, int> counts;
    for (const auto& effect : store_.effects()) ++counts[effect.record.value];
    return counts;
  }
  bool HasAll(std::size_t count) const { return store_.effects().size() == count; }

  InMemoryBus bus_;
  std::unique_ptr<Publisher> publisher_;
  MemoryStore store_;
  NotingProbe probe_;
};

TEST_F(ConsumerRunnerTest, ProcessesEveryRecordOnceAndInOrderPerKey) {
  Publish(0, 200);
  auto subscription = bus_.MakeSubscription("group", {"facts"});
  MemoryProcessor processor(store_);
  ConsumerRunner runner(*subscription, processor, FastOptions(), &probe_);
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return HasAll(200); }, kLimit));
  std::map<std::string, int> last;
  for (const auto& effect : store_.effects()) {
    const int number = std::stoi(effect.record.value);
    EXPECT_TRUE(!last.contains(effect.record.key) || last[effect.record.key] < number);
    last[effect.record.key] = number;
  }
  runner.Stop();
  EXPECT_FALSE(runner.LastStatus().running);
}

TEST_F(ConsumerRunnerTest, ContinuesWhereTheStoreSays) {
  Publish(0, 50);
  for (int round = 0; round < 2; ++round) {
    auto subscription = bus_.MakeSubscription("group", {"facts"});
    MemoryProcessor processor(store_);
    ConsumerRunner runner(*subscription, processor, FastOptions(), &probe_);
    ASSERT_TRUE(runner.Start().has_value());
    ASSERT_TRUE(WaitFor([&] { return HasAll(static_cast<std::size_t>(50 + 50 * round)); }, kLimit));
    runner.Stop();
    if (round == 0) Publish(50, 100);
  }
  for (const auto& [id, count] : Counted()) EXPECT_EQ(count, 1) << id;
}

TEST_F(ConsumerRunnerTest, WaitsAndTriesAgainWhileAPartIsDown) {
  Publish(0, 30);
  std::atomic<bool> down = true;
  auto subscription = bus_.MakeSubscription("group", {"facts"});
  MemoryProcessor processor(store_);
  processor.SetBefore([&](std::span<const Record>) -> core::Status {
    if (down) return core::Fail(core::Errc::kUnavailable, "down");
    return {};
  });
  ConsumerRunner runner(*subscription, processor, FastOptions(), &probe_);
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return probe_.retries > 10; }, kLimit));
  EXPECT_TRUE(store_.effects().empty());
  EXPECT_GT(runner.LastStatus().busy, 0u) << "records in hand are not rest";
  down = false;
  ASSERT_TRUE(WaitFor([&] { return HasAll(30); }, kLimit));
  ASSERT_TRUE(WaitFor([&] { return runner.LastStatus().busy == 0; }, kLimit));
}

TEST_F(ConsumerRunnerTest, AnotherWorkersWriteFencesThisOne) {
  Publish(0, 30);
  auto subscription = bus_.MakeSubscription("group", {"facts"});
  MemoryProcessor processor(store_);
  std::atomic<bool> interfered = false;
  // Between this worker's load and its write, another one takes the same records.
  processor.SetBefore([&](std::span<const Record> records) -> core::Status {
    if (!interfered.exchange(true)) {
      MemoryProcessor other(store_, 1);
      EXPECT_TRUE(other.Process(records.front().at, std::nullopt, records).has_value());
    }
    return {};
  });
  ConsumerRunner runner(*subscription, processor, FastOptions(), &probe_);
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return HasAll(30); }, kLimit));
  EXPECT_EQ(probe_.fenced, 1);
  for (const auto& [id, count] : Counted()) EXPECT_EQ(count, 1) << id;
}

TEST_F(ConsumerRunnerTest, RebuildsWhenTheStoreLostEverythingWithoutTraffic) {
  Publish(0, 40);
  auto subscription = bus_.MakeSubscription("group", {"facts"});
  MemoryProcessor processor(store_);
  ConsumerRunner runner(*subscription, processor, FastOptions(), &probe_);
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return HasAll(40); }, kLimit));
  store_.Flush();
  ASSERT_TRUE(WaitFor([&] { return HasAll(40); }, kLimit));
  EXPECT_GT(probe_.rewinds, 0);
  for (const auto& [id, count] : Counted()) EXPECT_EQ(count, 1) << id;
}

TEST_F(ConsumerRunnerTest, RefusesToStartWhereHistoryIsGone) {
  Publish(0, 60);
  const TopicPartition at{"facts", 0};
  bus_.TruncateBefore(at, 2);
  auto subscription = bus_.MakeSubscription("group", {"facts"});
  MemoryProcessor processor(store_);
  ConsumerRunner runner(*subscription, processor, FastOptions(), &probe_);
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return runner.LastStatus().refused(); }, kLimit));
  ASSERT_TRUE(WaitFor([&] { return store_.offset({"facts", 1}) && store_.offset({"facts", 2}); }, kLimit));
  EXPECT_EQ(probe_.Refused().front(), "HISTORY_GONE");
  EXPECT_FALSE(store_.offset(at).has_value());
}

TEST_F(ConsumerRunnerTest, ASnapshotStandsForHistoryThatIsGone) {
  Publish(0, 60);
  const TopicPartition at{"facts", 0};
  bus_.TruncateBefore(at, 2);
  auto subscription = bus_.MakeSubscription("group", {"facts"});
  MemoryProcessor processor(store_);
  processor.SetSnapshot(2);
  ConsumerRunner runner(*subscription, processor, FastOptions(), &probe_);
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return HasAll(58); }, kLimit));
  EXPECT_TRUE(probe_.Refused().empty());
}

TEST_F(ConsumerRunnerTest, RefusesAnOffsetBeyondTheEnd) {
  const TopicPartition at{"facts", 0};
  MemoryProcessor processor(store_);
  const Record phantom{at, 99, "key", "value", {}};
  ASSERT_TRUE(processor.Process(at, std::nullopt, std::span(&phantom, 1)).has_value());
  auto subscription = bus_.MakeSubscription("group", {"facts"});
  ConsumerRunner runner(*subscription, processor, FastOptions(), &probe_);
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return !probe_.Refused().empty(); }, kLimit));
  EXPECT_EQ(probe_.Refused().front(), "STORED_OFFSET_BEYOND_END");
}

TEST_F(ConsumerRunnerTest, ARecordThatBlocksStopsItsPartitionUntilItNoLongerDoes) {
  Publish(0, 20);
  MemoryProcessor processor(store_);
  std::atomic<bool> blocking = true;
  processor.SetBefore([&](std::span<const Record> records) -> core::Status {
    if (!blocking || records.front().at.partition != 0) return {};
    return core::Fail(core::Errc::kRefused, "cannot be taken and not be skipped", kRecordBlocks);
  });
  const auto subscription = bus_.MakeSubscription("group", {"facts"});
  ConsumerRunner runner(*subscription, processor, FastOptions(), &probe_);
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return !probe_.Refused().empty(); }, kLimit));
  EXPECT_EQ(probe_.Refused().front(), kRecordBlocks);
  EXPECT_EQ(probe_.retries, 0);
  EXPECT_FALSE(store_.offset({"facts", 0}).has_value());
  blocking = false;
  EXPECT_TRUE(WaitFor([&] { return Counted().size() == 20; }, kLimit));
  runner.Stop();
}

TEST_F(ConsumerRunnerTest, TakesOverThePartitionsOfAMemberThatLeft) {
  auto first_subscription = bus_.MakeSubscription("group", {"facts"});
  auto second_subscription = bus_.MakeSubscription("group", {"facts"});
  MemoryProcessor first_processor(store_, 1);
  MemoryProcessor second_processor(store_, 2);
  ConsumerRunner first(*first_subscription, first_processor, FastOptions(), &probe_);
  ConsumerRunner second(*second_subscription, second_processor, FastOptions(), &probe_);
  ASSERT_TRUE(first.Start().has_value());
  ASSERT_TRUE(second.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return first.LastStatus().partitions.size() + second.LastStatus().partitions.size() == 3; },
                      kLimit));
  Publish(0, 100);
  ASSERT_TRUE(WaitFor([&] { return HasAll(100); }, kLimit));
  first.Stop();
  Publish(100, 200);
  ASSERT_TRUE(WaitFor([&] { return HasAll(200); }, kLimit));
  EXPECT_EQ(second.LastStatus().partitions.size(), 3u);
  for (const auto& [id, count] : Counted()) EXPECT_EQ(count, 1) << id;
}

TEST_F(ConsumerRunnerTest, ShowsAStuckHandler) {
  Publish(0, 1);
  std::atomic<bool> held = true;
  auto subscription = bus_.MakeSubscription("group", {"facts"});
  MemoryProcessor processor(store_);
  processor.SetBefore([&](std::span<const Record>) -> core::Status {
    WaitFor([&] { return !held; }, kLimit);
    return {};
  });
  ConsumerRunner runner(*subscription, processor, FastOptions(), &probe_);
  ASSERT_TRUE(runner.Start().has_value());
  EXPECT_TRUE(WaitFor([&] { return runner.LastStatus().stuck; }, kLimit));
  held = false;
  EXPECT_TRUE(WaitFor([&] { return !runner.LastStatus().stuck && HasAll(1); }, kLimit));
}

TEST_F(ConsumerRunnerTest, LagIsTheDistanceToTheEnd) {
  Publish(0, 25);
  std::atomic<bool> down = true;
  auto subscription = bus_.MakeSubscription("group", {"facts"});
  MemoryProcessor processor(store_);
  processor.SetBefore([&](std::span<const Record>) -> core::Status {
    if (down) return core::Fail(core::Errc::kUnavailable, "down");
    return {};
  });
  ConsumerRunner runner(*subscription, processor, FastOptions(), &probe_);
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return runner.Status() && runner.Status()->lag() == 25; }, kLimit));
  down = false;
  EXPECT_TRUE(WaitFor([&] { return runner.Status()->lag() == 0; }, kLimit));
}

// A member that reads nothing: frozen, or stopped with its session still running.
class DeafMember : private Subscription::Listener {
 public:
  explicit DeafMember(std::unique_ptr<Subscription> subscription) : subscription_(std::move(subscription)) {
    EXPECT_TRUE(subscription_->Start(*this).has_value());
  }
  ~DeafMember() override { subscription_->Close(); }

  const std::set<TopicPartition>& Join() {
    EXPECT_TRUE(WaitFor([&] { return subscription_->Poll(milliseconds(1)).has_value() && !owned_.empty(); }, kLimit));
    return owned_;
  }

 private:
  void OnAssigned(const std::vector<TopicPartition>& partitions) override {
    owned_.insert(partitions.begin(), partitions.end());
  }
  void OnRevoked(const std::vector<TopicPartition>&, bool) override {}
  void OnOffsetOutOfRange(const TopicPartition&) override {}

  std::unique_ptr<Subscription> subscription_;
  std::set<TopicPartition> owned_;
};

TEST_F(ConsumerRunnerTest, LagCountsWhatNobodyReads) {
  auto subscription = bus_.MakeSubscription("group", {"facts"});
  MemoryProcessor processor(store_);
  ConsumerRunner runner(*subscription, processor, FastOptions(), &probe_);
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return runner.LastStatus().partitions.size() == 3; }, kLimit));
  auto deaf = std::make_unique<DeafMember>(bus_.MakeSubscription("group", {"facts"}));
  const std::set<TopicPartition> unread = deaf->Join();
  Publish(0, 100);
  const auto records = bus_.Contents("facts");
  const auto left = static_cast<std::size_t>(
      std::count_if(records.begin(), records.end(), [&](const Record& record) { return unread.contains(record.at); }));
  ASSERT_GT(left, 0u);
  ASSERT_TRUE(WaitFor([&] { return HasAll(100 - left); }, kLimit));
  const auto status = runner.Status();
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->lag(), left);
  EXPECT_EQ(status->partitions.size() + status->others.size(), 3u);
  deaf.reset();
  EXPECT_TRUE(WaitFor([&] { return runner.Status()->lag() == 0; }, kLimit));
  EXPECT_TRUE(HasAll(100));
}

}  // namespace
}  // namespace tilts::events
