#include <map>

#include "bus_under_test.hpp"
#include "events/consumer_runner.hpp"
#include "events/memory_store.hpp"
#include "events/testing_middleware.hpp"

namespace tilts {
namespace {

using events::ConsumerRunner;
using events::testing::Duplicator;
using events::testing::MemoryProcessor;
using events::testing::MemoryStore;
using events::testing::RandomFail;
using std::chrono::milliseconds;
using testing::WaitFor;

constexpr milliseconds kLimit{40'000};

class RunnerOnBusTest : public BusConformanceTest {};
INSTANTIATE_TEST_SUITE_P(Every, RunnerOnBusTest, ::testing::Values(BusKind::kInMemory, BusKind::kKafka), NameOfBus);

events::RunnerOptions FastOptions() {
  events::RunnerOptions options;
  options.batch_records = 20;
  options.poll_wait = milliseconds(10);
  options.offset_reread = milliseconds(100);
  options.retry.first_wait = milliseconds(1);
  options.retry.longest_wait = milliseconds(20);
  return options;
}

// Each (partition, offset) written exactly once, and in order.
void ExpectEachRecordOnce(const MemoryStore& store, std::size_t records) {
  std::map<events::TopicPartition, std::int64_t> next;
  for (const auto& effect : store.effects()) EXPECT_EQ(effect.record.offset, next[effect.record.at]++);
  EXPECT_EQ(store.effects().size(), records);
}

std::string Describe(ConsumerRunner& runner) {
  std::string text;
  const auto status = runner.Status();
  for (const auto& one : status ? status->partitions : runner.LastStatus().partitions) {
    text += std::to_string(one.at.partition) + " " + std::string(events::ToString(one.state)) + " " +
            std::to_string(one.stored_offset) + "/" + std::to_string(one.end_offset) + "\n";
  }
  return text;
}

TEST_P(RunnerOnBusTest, EffectsHappenOnceThroughFailuresDuplicatesAndTakeOver) {
  const std::string topic = MakeTopic(6);
  auto inner = MakePublisher();
  Duplicator publisher(*inner);
  MemoryStore store;
  MemoryProcessor first_inner(store, 1);
  MemoryProcessor second_inner(store, 2);
  RandomFail first_processor(first_inner, 0.1, 1);
  RandomFail second_processor(second_inner, 0.1, 2);
  auto first_subscription = MakeSubscription(topic);
  auto second_subscription = MakeSubscription(topic);
  ConsumerRunner first(*first_subscription, first_processor, FastOptions());
  ConsumerRunner second(*second_subscription, second_processor, FastOptions());
  ASSERT_TRUE(first.Start().has_value());
  ASSERT_TRUE(publisher.Publish(Numbered(topic, 0, 300, 50)).has_value());
  ASSERT_TRUE(WaitFor([&] { return store.effects().size() > 100; }, kLimit));
  ASSERT_TRUE(second.Start().has_value());
  ASSERT_TRUE(publisher.Publish(Numbered(topic, 300, 600, 50)).has_value());
  ASSERT_TRUE(WaitFor([&] { return !second.LastStatus().partitions.empty(); }, kLimit));
  first.Stop();
  ASSERT_TRUE(publisher.Publish(Numbered(topic, 600, 900, 50)).has_value());
  ASSERT_TRUE(WaitFor([&] { return store.effects().size() == 1800; }, kLimit)) << Describe(second);
  second.Stop();
  ExpectEachRecordOnce(store, 1800);
}

TEST_P(RunnerOnBusTest, AWaitingPartitionKeepsItsMembershipAndLosesNothing) {
  const std::string topic = MakeTopic(2);
  auto publisher = MakePublisher();
  ASSERT_TRUE(publisher->Publish(Numbered(topic, 0, 40, 8)).has_value());
  std::atomic<bool> down = true;
  std::atomic<int> tries = 0;
  MemoryStore store;
  MemoryProcessor processor(store);
  processor.SetBefore([&](std::span<const events::Record>) -> core::Status {
    ++tries;
    if (down) return core::Fail(core::Errc::kUnavailable, "down");
    return {};
  });
  auto subscription = MakeSubscription(topic);
  ConsumerRunner runner(*subscription, processor, FastOptions());
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return tries > 30; }, kLimit));
  ASSERT_TRUE(publisher->Publish(Numbered(topic, 40, 80, 8)).has_value());
  down = false;
  ASSERT_TRUE(WaitFor([&] { return store.effects().size() == 80; }, kLimit));
  runner.Stop();
  ExpectEachRecordOnce(store, 80);
}

TEST_P(RunnerOnBusTest, ALostStoreIsRebuiltFromTheLogWithoutTraffic) {
  const std::string topic = MakeTopic(3);
  auto publisher = MakePublisher();
  ASSERT_TRUE(publisher->Publish(Numbered(topic, 0, 90, 8)).has_value());
  MemoryStore store;
  MemoryProcessor processor(store);
  auto subscription = MakeSubscription(topic);
  ConsumerRunner runner(*subscription, processor, FastOptions());
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return store.effects().size() == 90; }, kLimit));
  store.Flush();
  ASSERT_TRUE(WaitFor([&] { return store.effects().size() == 90; }, kLimit));
  runner.Stop();
  ExpectEachRecordOnce(store, 90);
}

TEST_P(RunnerOnBusTest, StatusIsAtRestExactlyWhenEverythingIsStored) {
  const std::string topic = MakeTopic(3);
  auto publisher = MakePublisher();
  MemoryStore store;
  MemoryProcessor processor(store);
  auto subscription = MakeSubscription(topic);
  ConsumerRunner runner(*subscription, processor, FastOptions());
  EXPECT_FALSE(runner.LastStatus().joined);
  ASSERT_TRUE(runner.Start().has_value());
  ASSERT_TRUE(WaitFor([&] { return runner.LastStatus().joined; }, kLimit));
  ASSERT_TRUE(publisher->Publish(Numbered(topic, 0, 60, 8)).has_value());
  ASSERT_TRUE(WaitFor(
      [&] {
        const auto status = runner.Status();
        if (!status || status->lag() > 0 || status->partitions.size() != 3) return false;
        // Rest was claimed: then it must be true.
        EXPECT_EQ(store.effects().size(), 60u);
        return true;
      },
      kLimit));
}

// A member with an identity keeps its partitions until its session ends: nobody reads them, and that is no rest.
TEST_P(RunnerOnBusTest, WhatAStoppedMemberLeavesIsNotAtRest) {
  const std::string topic = MakeTopic(6);
  auto publisher = MakePublisher();
  MemoryStore store;
  MemoryProcessor stays_processor(store, 1);
  MemoryProcessor stops_processor(store, 2);
  auto stays_subscription = MakeSubscription(topic, "stays");
  auto stops_subscription = MakeSubscription(topic, "stops");
  ConsumerRunner stays(*stays_subscription, stays_processor, FastOptions());
  ConsumerRunner stops(*stops_subscription, stops_processor, FastOptions());
  ASSERT_TRUE(stays.Start().has_value());
  ASSERT_TRUE(stops.Start().has_value());
  ASSERT_TRUE(WaitFor(
      [&] { return stays.LastStatus().partitions.size() == 3 && stops.LastStatus().partitions.size() == 3; }, kLimit));
  stops.Stop();
  ASSERT_TRUE(publisher->Publish(Numbered(topic, 0, 60, 12)).has_value());
  ASSERT_TRUE(WaitFor(
      [&] {
        const auto status = stays.Status();
        if (!status || !status->joined || status->lag() > 0) return false;
        EXPECT_EQ(store.effects().size(), 60u) << "rest was claimed too early";
        return true;
      },
      kLimit));
}

}  // namespace
}  // namespace tilts
