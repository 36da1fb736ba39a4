#include <map>
#include <set>

#include "bus_under_test.hpp"

namespace tilts {
namespace {

using events::OutgoingRecord;
using std::chrono::milliseconds;

INSTANTIATE_TEST_SUITE_P(Every, BusConformanceTest, ::testing::Values(BusKind::kInMemory, BusKind::kKafka), NameOfBus);

TEST_P(BusConformanceTest, KeepsOrderPerKeyInTheKeysPartition) {
  const std::string topic = MakeTopic(5);
  auto publisher = MakePublisher();
  ASSERT_TRUE(publisher->Publish(Numbered(topic, 0, 100, 9)).has_value());
  auto subscription = MakeSubscription(topic);
  Reader reader(*subscription);
  ASSERT_TRUE(subscription->Start(reader).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.assigned.size() == 5; }));
  ASSERT_TRUE(reader.AssignAllFrom(0).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.records.size() == 100; }));
  std::map<std::string, int> last;
  std::map<events::TopicPartition, std::int64_t> next;
  for (const auto& record : reader.records) {
    EXPECT_EQ(record.at.partition, events::PartitionOf(record.key, 5));
    EXPECT_EQ(record.offset, next[record.at]++);
    EXPECT_TRUE(!last.contains(record.key) || last[record.key] < std::stoi(record.value));
    last[record.key] = std::stoi(record.value);
  }
}

TEST_P(BusConformanceTest, CarriesHeadersBytesAndExplicitPartitions) {
  const std::string topic = MakeTopic(3);
  const std::string bytes("\x00\xff\x0a bytes", 9);
  const OutgoingRecord sent{topic, "key", 2, "id", bytes, {{"ce_id", "id"}, {"empty", ""}}};
  auto publisher = MakePublisher();
  ASSERT_TRUE(publisher->Publish(std::vector{sent}).has_value());
  auto subscription = MakeSubscription(topic);
  Reader reader(*subscription);
  ASSERT_TRUE(subscription->Start(reader).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.assigned.size() == 3; }));
  ASSERT_TRUE(reader.AssignAllFrom(0).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.records.size() == 1; }));
  EXPECT_EQ(reader.records[0].at, (events::TopicPartition{topic, 2}));
  EXPECT_EQ(reader.records[0].key, "key");
  EXPECT_EQ(reader.records[0].value, bytes);
  EXPECT_EQ(reader.records[0].headers, sent.headers);
}

TEST_P(BusConformanceTest, RefusesWhatCanNeverArrive) {
  auto publisher = MakePublisher();
  const auto unknown = publisher->Publish(Numbered(space() + ".unknown", 0, 1, 1));
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().reason, "TOPIC_UNKNOWN");
  const std::string topic = MakeTopic(1);
  OutgoingRecord large{topic, "key", std::nullopt, "id", std::string(events::kMaxRecordBytes + 1, 'x'), {}};
  EXPECT_EQ(publisher->Publish(std::vector{large}).error().reason, "RECORD_TOO_LARGE");
  large.value.resize(events::kMaxRecordBytes);
  EXPECT_TRUE(publisher->Publish(std::vector{large}).has_value());
}

TEST_P(BusConformanceTest, JoinsOnceItsTopicExists) {
  auto subscription = MakeSubscription(space() + ".bus");
  Reader reader(*subscription);
  ASSERT_TRUE(subscription->Start(reader).has_value());
  core::Error error;
  ASSERT_TRUE(testing::WaitFor(
      [&] {
        const auto polled = subscription->Poll(milliseconds(20));
        if (!polled) error = polled.error();
        return !polled.has_value();
      },
      milliseconds(10'000)));
  EXPECT_EQ(error.reason, "TOPIC_UNKNOWN");
  EXPECT_EQ(reader.assignments, 0) << "a member without its topics must not look like one with nothing to do";
  MakeTopic(2);
  ASSERT_TRUE(reader.PollUntil([&] { return reader.assigned.size() == 2; }));
}

TEST_P(BusConformanceTest, DeliversNothingBeforePositionsAreNamed) {
  const std::string topic = MakeTopic(1);
  ASSERT_TRUE(MakePublisher()->Publish(Numbered(topic, 0, 3, 1)).has_value());
  auto subscription = MakeSubscription(topic);
  Reader reader(*subscription);
  ASSERT_TRUE(subscription->Start(reader).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.assigned.size() == 1; }));
  EXPECT_FALSE(reader.PollUntil([&] { return !reader.records.empty(); }, milliseconds(500)));
}

TEST_P(BusConformanceTest, ReadsFromWhereItIsToldAndAgain) {
  const std::string topic = MakeTopic(1);
  ASSERT_TRUE(MakePublisher()->Publish(Numbered(topic, 0, 10, 1)).has_value());
  auto subscription = MakeSubscription(topic);
  Reader reader(*subscription);
  ASSERT_TRUE(subscription->Start(reader).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.assigned.size() == 1; }));
  for (const std::int64_t from : {7, 0, 9, 3}) {
    reader.records.clear();
    ASSERT_TRUE(reader.AssignAllFrom(from).has_value());
    ASSERT_TRUE(reader.PollUntil([&] { return reader.records.size() == static_cast<std::size_t>(10 - from); }));
    EXPECT_EQ(reader.records.front().offset, from);
  }
}

TEST_P(BusConformanceTest, APositionThatDoesNotExistIsReportedAndNotSkipped) {
  const std::string topic = MakeTopic(1);
  ASSERT_TRUE(MakePublisher()->Publish(Numbered(topic, 0, 3, 1)).has_value());
  auto subscription = MakeSubscription(topic);
  Reader reader(*subscription);
  ASSERT_TRUE(subscription->Start(reader).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.assigned.size() == 1; }));
  ASSERT_TRUE(reader.AssignAllFrom(100).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return !reader.out_of_range.empty(); }));
  EXPECT_TRUE(reader.records.empty());
}

TEST_P(BusConformanceTest, APausedPartitionIsSilentUntilItResumes) {
  const std::string topic = MakeTopic(1);
  auto publisher = MakePublisher();
  auto subscription = MakeSubscription(topic);
  Reader reader(*subscription);
  ASSERT_TRUE(subscription->Start(reader).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.assigned.size() == 1; }));
  ASSERT_TRUE(reader.AssignAllFrom(0).has_value());
  ASSERT_TRUE(publisher->Publish(Numbered(topic, 0, 5, 1)).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.records.size() == 5; }));
  ASSERT_TRUE(subscription->Pause(reader.assigned).has_value());
  ASSERT_TRUE(publisher->Publish(Numbered(topic, 5, 10, 1)).has_value());
  EXPECT_FALSE(reader.PollUntil([&] { return reader.records.size() > 5; }, milliseconds(500)));
  ASSERT_TRUE(subscription->Resume(reader.assigned).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.records.size() == 10; }));
  EXPECT_EQ(reader.records.back().offset, 9);
}

TEST_P(BusConformanceTest, NewPositionsEndAPause) {
  const std::string topic = MakeTopic(1);
  ASSERT_TRUE(MakePublisher()->Publish(Numbered(topic, 0, 5, 1)).has_value());
  auto subscription = MakeSubscription(topic);
  Reader reader(*subscription);
  ASSERT_TRUE(subscription->Start(reader).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.assigned.size() == 1; }));
  ASSERT_TRUE(reader.AssignAllFrom(0).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.records.size() == 5; }));
  ASSERT_TRUE(subscription->Pause(reader.assigned).has_value());
  ASSERT_TRUE(reader.AssignAllFrom(2).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.records.size() == 8; }));
}

TEST_P(BusConformanceTest, DescribesBeginningAndEnd) {
  const std::string topic = MakeTopic(2);
  OutgoingRecord record{topic, "key", 1, "id", "value", {}};
  auto publisher = MakePublisher();
  ASSERT_TRUE(publisher->Publish(std::vector{record, record, record}).has_value());
  auto subscription = MakeSubscription(topic);
  const auto marks = subscription->Describe({{topic, 0}, {topic, 1}});
  ASSERT_TRUE(marks.has_value()) << marks.error().message;
  EXPECT_EQ((*marks)[0].end, 0);
  EXPECT_EQ((*marks)[1].low, 0);
  EXPECT_EQ((*marks)[1].end, 3);
}

TEST_P(BusConformanceTest, MembersShareByRangeAndTakeOverWhenOneLeaves) {
  const std::string topic = MakeTopic(5);
  auto first = MakeSubscription(topic);
  auto second = MakeSubscription(topic);
  Reader one(*first);
  Reader two(*second);
  ASSERT_TRUE(first->Start(one).has_value());
  ASSERT_TRUE(second->Start(two).has_value());
  const auto poll_both = [&](const std::function<bool()>& done) {
    return one.PollUntil([&] { return two.PollUntil(done, milliseconds(1)) || done(); });
  };
  ASSERT_TRUE(poll_both([&] {
    return one.assigned.size() + two.assigned.size() == 5 && !one.assigned.empty() && !two.assigned.empty();
  }));
  std::set<events::TopicPartition> all(one.assigned.begin(), one.assigned.end());
  all.insert(two.assigned.begin(), two.assigned.end());
  EXPECT_EQ(all.size(), 5u) << "no partition has two owners";
  EXPECT_LE(std::max(one.assigned.size(), two.assigned.size()), 3u);
  first->Close();
  EXPECT_TRUE(one.assigned.empty());
  ASSERT_TRUE(two.PollUntil([&] { return two.assigned.size() == 5; }));
}

TEST_P(BusConformanceTest, RefusesPositionsOfOtherMembersPartitions) {
  const std::string topic = MakeTopic(1);
  auto subscription = MakeSubscription(topic);
  Reader reader(*subscription);
  ASSERT_TRUE(subscription->Start(reader).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.assigned.size() == 1; }));
  const auto assigned = subscription->Assign({{{topic, 7}, 0}});
  ASSERT_FALSE(assigned.has_value());
  EXPECT_EQ(assigned.error().reason, "NOT_ASSIGNED");
}

}  // namespace
}  // namespace tilts
