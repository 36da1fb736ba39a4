// A topic copied into one with another number of partitions: nothing lost, doubled or out of order per key, also when
// the copy is killed in between.
#include "kafka/topic_copy.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <set>

#include "events/in_memory_bus.hpp"
#include "kafka/admin.hpp"
#include "kafka/log_reader.hpp"
#include "kafka/producer.hpp"
#include "testing/server_set.hpp"
#include "testing/wait_for.hpp"

namespace tilts {
namespace {

using events::OutgoingRecord;
using events::Record;

constexpr std::int32_t kFromPartitions = 4;
constexpr std::int32_t kToPartitions = 7;
const std::string kControl = "school-day";

// Passes on so many records, then fails as a broker that is gone in the middle of a batch.
class DyingPublisher : public events::Publisher {
 public:
  DyingPublisher(events::Publisher& inner, std::size_t most) : inner_(inner), left_(most) {}

  core::Status Publish(std::span<const OutgoingRecord> records) override {
    const std::size_t passed = std::min(left_, records.size());
    left_ -= passed;
    TILTS_CHECK(inner_.Publish(records.first(passed)));
    if (passed == records.size()) return {};
    return core::Fail(core::Errc::kUnavailable, "gone", "PUBLISH_UNCONFIRMED");
  }

 private:
  events::Publisher& inner_;
  std::size_t left_;
};

class TopicCopyTest : public testing::ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    kafka_ = servers().Kafka("topic-copy");
    producer_ = kafka::Producer::Create(kafka_).value();
    from_ = FreshTopic("from", kFromPartitions);
    to_ = FreshTopic("to", kToPartitions);
  }

  // `count` records over `keys` keys, numbered on within each key; ids and headers of their own.
  void Write(int count, int keys) {
    std::vector<OutgoingRecord> records;
    for (int i = 0; i < count; ++i) {
      const std::string key = "pupil-" + std::to_string(i % keys);
      const std::string value = std::to_string(++written_[key]);
      records.push_back({from_, key, std::nullopt, {}, value, {{"ce_id", key + "/" + value}, {"empty", ""}}});
    }
    ASSERT_TRUE(producer_->Publish(records));
  }

  void Broadcast(int day, std::int32_t partitions = kFromPartitions) {
    std::vector<OutgoingRecord> records;
    for (std::int32_t p = 0; p < partitions; ++p) records.push_back({from_, kControl, p, {}, std::to_string(day), {}});
    ASSERT_TRUE(producer_->Publish(records));
  }

  core::Result<kafka::TopicCopyResult> Copy(events::Publisher& publisher) {
    return kafka::CopyTopic(kafka_, publisher, {.from = from_, .to = {to_, kToPartitions, 1}, .batch_records = 100});
  }

  std::vector<std::vector<Record>> Read(const std::string& topic, std::int32_t partitions) {
    std::vector<std::vector<Record>> all;
    auto reader = kafka::LogReader::Create(kafka_).value();
    for (std::int32_t p = 0; p < partitions; ++p) {
      const auto marks = reader->Describe({{topic, p}}).value().front();
      all.emplace_back();
      EXPECT_TRUE(reader->Seek({{topic, p}, marks.low}));
      while (std::ssize(all.back()) < marks.end - marks.low) {
        const auto records = reader->Read(1'000, std::chrono::seconds(10)).value();
        all.back().insert(all.back().end(), records.begin(), records.end());
      }
    }
    return all;
  }

  // Each key's records in order in its partition, byte for byte, and each broadcast once in every partition behind the
  // same record of every key as in FROM.
  void ExpectSame() {
    std::map<std::string, std::vector<std::string>> from;  // key -> what its partition shows of it, broadcasts among it
    for (const auto& partition : Read(from_, kFromPartitions)) Fold(partition, from);
    std::map<std::string, std::vector<std::string>> to;
    const auto partitions = Read(to_, kToPartitions);
    std::size_t records = 0;
    for (const auto& partition : partitions) {
      Fold(partition, to);
      for (const Record& record : partition) {
        if (record.key == kControl) continue;
        ++records;
        EXPECT_EQ(record.at.partition, events::PartitionOf(record.key, kToPartitions));
        EXPECT_EQ(record.headers,
                  (std::vector<events::Header>{{"ce_id", record.key + "/" + record.value}, {"empty", ""}}));
      }
    }
    EXPECT_EQ(from, to);
    std::size_t written = 0;
    for (const auto& [key, last] : written_) written += static_cast<std::size_t>(last);
    EXPECT_EQ(records, written);
  }

  static void Fold(const std::vector<Record>& partition, std::map<std::string, std::vector<std::string>>& seen) {
    std::set<std::string> keys;
    for (const Record& record : partition) keys.insert(record.key);
    keys.erase(kControl);
    for (const std::string& key : keys) {
      for (const Record& record : partition) {
        if (record.key == key || record.key == kControl) seen[key].push_back(record.key + "=" + record.value);
      }
    }
  }

  pid_t StartTool() {
    const std::string brokers = kafka_.brokers;
    const pid_t pid = fork();
    if (pid == 0) {
      const std::string program = TILTS_BINARY_DIR "/bin/tilts-topics";
      execl(program.c_str(), program.c_str(), "migrate", from_.c_str(), to_.c_str(), "--brokers", brokers.c_str(),
            "--partitions", std::to_string(kToPartitions).c_str(), nullptr);
      _exit(9);
    }
    return pid;
  }

  static int EndOf(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  std::int64_t RecordsInTo() {
    const auto admin = kafka::Admin::Create(kafka_).value();
    const auto partitions = admin->Describe(to_).value();
    std::int64_t sum = 0;
    for (const events::Watermarks& marks : partitions) sum += marks.end;
    return sum;
  }

  kafka::KafkaOptions kafka_;
  std::unique_ptr<kafka::Producer> producer_;
  std::string from_;
  std::string to_;
  std::map<std::string, int> written_;
};

TEST_F(TopicCopyTest, KeepsEveryKeysOrderAndStandsBroadcastsWhereTheyStood) {
  for (int day = 1; day <= 3; ++day) {
    Write(500, 37);
    Broadcast(day);
  }
  Write(20, 5);
  const auto copied = Copy(*producer_);
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_EQ(copied->records, 1'520U);
  EXPECT_EQ(copied->broadcasts, 3U);
  EXPECT_EQ(copied->copied, 1'520U + 3 * kToPartitions);
  EXPECT_EQ(copied->waiting, 0U);
  ExpectSame();
}

TEST_F(TopicCopyTest, GoesOnWhereItStoppedAndThenOnlyCompares) {
  Write(500, 37);
  Broadcast(1);
  Write(500, 37);
  for (const std::size_t most : {1U, 250U, 503U}) {
    DyingPublisher dying(*producer_, most);
    const auto copied = Copy(dying);
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code, core::Errc::kUnavailable);
  }
  const auto rest = Copy(*producer_);
  ASSERT_TRUE(rest) << rest.error().message;
  EXPECT_EQ(rest->copied, 1'000U + kToPartitions - 754);
  ExpectSame();
  const auto again = Copy(*producer_);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->copied, 0U);
  EXPECT_EQ(again->digest, rest->digest);
  Write(50, 37);
  const auto grown = Copy(*producer_);
  ASSERT_TRUE(grown) << grown.error().message;
  EXPECT_EQ(grown->copied, 50U);
  ExpectSame();
}

TEST_F(TopicCopyTest, WaitsForABroadcastThatHasNotReachedEveryPartition) {
  Write(100, 37);
  Broadcast(1, 2);
  Write(100, 37);
  const auto copied = Copy(*producer_);
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_EQ(copied->broadcasts, 0U);
  EXPECT_GT(copied->waiting, 2U);
}

TEST_F(TopicCopyTest, RefusesATopicThatSomebodyElseHasWrittenTo) {
  Write(100, 37);
  ASSERT_TRUE(producer_->Publish(std::vector{OutgoingRecord{to_, "pupil-1", std::nullopt, {}, "another", {}}}));
  const auto copied = Copy(*producer_);
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().reason, "TOPIC_DIVERGED");
  EXPECT_EQ(RecordsInTo(), 1) << "nothing is added to a topic that is somebody else's";
}

TEST_F(TopicCopyTest, RefusesRecordsWithoutAKey) {
  ASSERT_TRUE(producer_->Publish(std::vector{OutgoingRecord{from_, "", 1, {}, "value", {}}}));
  const auto copied = Copy(*producer_);
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().reason, "KEY_MISSING");
}

// The program itself, by SIGKILL while records flow into TO; then once more.
TEST_F(TopicCopyTest, TheToolKilledInTheMiddleLosesAndDoublesNothing) {
  constexpr int kDays = 12;
  for (int day = 1; day <= kDays; ++day) {
    Write(10'000, 997);
    Broadcast(day);
  }
  for (int round = 1; round <= 2; ++round) {
    const std::int64_t before = RecordsInTo();
    const pid_t pid = StartTool();
    ASSERT_TRUE(testing::WaitFor([&] { return RecordsInTo() > before + 5'000; }, std::chrono::seconds(60)));
    kill(pid, SIGKILL);
    ASSERT_EQ(EndOf(pid), -SIGKILL) << "the copy was over before it was killed: the test proves nothing";
  }
  ASSERT_LT(RecordsInTo(), 10'000 * kDays);
  ASSERT_EQ(EndOf(StartTool()), 0);
  EXPECT_EQ(RecordsInTo(), 10'000 * kDays + kDays * kToPartitions);
  std::map<std::string, int> last;
  for (const auto& partition : Read(to_, kToPartitions)) {
    int day = 0;
    for (const Record& record : partition) {
      int& before = record.key == kControl ? day : last[record.key];
      ASSERT_EQ(record.value, std::to_string(before + 1)) << record.key;
      ++before;
    }
    EXPECT_EQ(day, kDays);
  }
  EXPECT_EQ(last, written_);
}

}  // namespace
}  // namespace tilts
