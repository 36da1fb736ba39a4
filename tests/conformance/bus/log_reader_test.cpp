#include "kafka/log_reader.hpp"

#include <gtest/gtest.h>

#include "bus_under_test.hpp"

namespace tilts {
namespace {

class LogReaderTest : public testing::ServerTest {};

// A position is set while what was asked for the one before is still on its way.
TEST_F(LogReaderTest, ReadsFromWhereItIsToldAgainAndAgain) {
  const std::string topic = FreshTopic("again", 2);
  const auto producer = kafka::Producer::Create(servers().Kafka(space())).value();
  ASSERT_TRUE(producer->Publish(Numbered(topic, 0, 400, 20)));
  const auto reader = kafka::LogReader::Create(servers().Kafka(space())).value();
  for (int round = 0; round < 12; ++round) {
    const events::TopicPartition at{topic, round / 2 % 2};
    const std::int64_t end = reader->Describe({at}).value().front().end;
    ASSERT_GT(end, 0);
    ASSERT_TRUE(reader->Seek({at, 0}));
    std::int64_t next = 0;
    ASSERT_TRUE(testing::WaitFor(
        [&] {
          const std::vector<events::Record> read = reader->Read(50, std::chrono::milliseconds(100)).value();
          if (!read.empty()) {
            EXPECT_EQ(read.front().offset, next);
            next = read.back().offset + 1;
          }
          return next == end || (round % 3 == 0 && next > 0);
        },
        std::chrono::seconds(20)))
        << "silent in round " << round << " at " << next << " of " << end;
  }
}

}  // namespace
}  // namespace tilts
