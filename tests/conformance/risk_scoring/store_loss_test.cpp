#include <gmock/gmock.h>

#include <set>

#include "events/consumer_runner.hpp"
#include "kafka/consumer.hpp"
#include "risk_fixture.hpp"
#include "testing/wait_for.hpp"

namespace tilts::risk_scoring {
namespace {

class StoreLossTest : public RiskTest {
 protected:
  std::set<std::string> SaidValues() {
    std::set<std::string> values;
    for (const events::Record& record : ReadAll(risk_topic_, 1)) values.insert(record.value);
    return values;
  }
  void SemesterOfTwo() {
    for (const char* pupil : {"pupil-1", "pupil-2"}) Enrol(pupil);
    for (int n = 0; n < 12; ++n) {
      Attend("pupil-1", n, 2);
      Attend("pupil-2", n, n % 2 == 0 ? 3 : 0);
      CloseDay(n);
    }
  }
};

TEST_F(StoreLossTest, AFlushedRedisIsNoticedWithoutTrafficAndBecomesTheSame) {
  SemesterOfTwo();
  auto consumer = kafka::Consumer::Create(servers().Kafka(space()), {space(), "", {facts_topic_}}).value();
  const auto processor = NewProcessor();
  events::RunnerOptions options;
  options.offset_reread = std::chrono::milliseconds(100);
  events::ConsumerRunner runner(*consumer, *processor, options);
  ASSERT_TRUE(runner.Start());
  const auto caught_up = [&] {
    const auto positions = store_->Positions(All());
    if (!positions) return false;
    for (const events::TopicPartition& at : All()) {
      const auto& position = (*positions)[static_cast<std::size_t>(at.partition)];
      if (!position || position->next_offset != reader_->Describe({at}).value().front().end) return false;
    }
    return true;
  };
  ASSERT_TRUE(testing::WaitFor(caught_up, std::chrono::seconds(30)));
  const std::string digest = Digest();
  const auto said = SaidValues();

  ASSERT_TRUE(redis_->Command({"FLUSHALL"}).has_value());
  ASSERT_TRUE(testing::WaitFor(caught_up, std::chrono::seconds(30)));
  runner.Stop();
  EXPECT_EQ(Digest(), digest);
  EXPECT_EQ(SaidValues(), said) << "a replay said something else";
}

TEST_F(StoreLossTest, AnOlderSnapshotIsARewind) {
  SemesterOfTwo();
  const auto processor = NewProcessor();
  ASSERT_TRUE(Drain(*processor));
  server_->KeepSnapshot();
  // Late excuses take the limit back.
  for (const int day : {3, 4}) Attend("pupil-1", day, 0, 2, 2);
  for (int n = 12; n < 15; ++n) CloseDay(n);
  ASSERT_TRUE(Drain(*processor));
  const std::string digest = Digest();
  const auto said = SaidValues();
  EXPECT_EQ(SaidOf<risk::v1::LimitRetracted>().size(), 1U);

  server_->RestartWithKeptSnapshot();
  ASSERT_TRUE(store_->Ping());  // the old connections are gone
  ASSERT_NE(Digest(), digest);
  // As the runner does when the stored offset is another one than it wrote.
  for (const events::TopicPartition& at : All()) processor->Forget(at);
  ASSERT_TRUE(Drain(*processor));
  EXPECT_EQ(Digest(), digest);
  EXPECT_EQ(SaidValues(), said);
}

TEST_F(StoreLossTest, FactsTwiceAndShuffledGiveTheSameState) {
  Enrol("pupil-1");
  for (int n = 0; n < 12; ++n) Attend("pupil-1", n, 2);
  Attend("pupil-1", 4, 0, 2, 2);
  ASSERT_TRUE(Drain(*NewProcessor()));
  const std::string before = Digest();
  Attend("pupil-1", 4, 2);
  for (int n = 11; n >= 0; --n) Attend("pupil-1", n, 2);
  Enrol("pupil-1");
  ASSERT_TRUE(Drain(*NewProcessor()));
  EXPECT_EQ(Digest(), before);
  EXPECT_TRUE(Said().empty());
}

}  // namespace
}  // namespace tilts::risk_scoring
