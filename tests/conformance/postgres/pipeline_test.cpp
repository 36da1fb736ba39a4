#include <map>
#include <thread>

#include "events/consumer_runner.hpp"
#include "events/testing_middleware.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "postgres/outbox_relay.hpp"
#include "postgres/sql_batch_processor.hpp"
#include "sample.hpp"

namespace tilts {
namespace {

using std::chrono::milliseconds;

// One service writes, another consumes, over real PostgreSQL and Kafka, with everything that may go wrong on the way.
class PipelineTest : public testing::ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    if (HasFatalFailure()) return;
    topic_ = FreshTopic("cases", 4);
    EnsureTopic(events::DeadLetterTopic(topic_, "router"), 1);
    writer_ = std::make_unique<postgres::Database>(FreshSchema("writer"));
    reader_ = std::make_unique<postgres::Database>(FreshSchema("reader"));
    ASSERT_TRUE(reader_->Query("CREATE TABLE seen (at bigserial, aggregate text, sequence bigint, worker integer)"));
    producer_ = std::move(*kafka::Producer::Create(servers().Kafka(space())));
  }

  postgres::SqlBatchProcessor::Handlers Noting(int worker) {
    postgres::SqlBatchProcessor::Handlers handlers;
    handlers.On<cases::v1::ReportAttached>([worker](postgres::UnitOfWork& unit, const events::v1::Envelope& envelope,
                                                    const cases::v1::ReportAttached&) -> core::Status {
      TILTS_CHECK(unit.Exec("INSERT INTO seen (aggregate, sequence, worker) VALUES ($1, $2, $3)",
                            {envelope.subject(), envelope.sequence(), worker}));
      return {};
    });
    return handlers;
  }
  void Write(int aggregates, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t sequence = from; sequence <= to; ++sequence) {
      const auto status = writer_->Transact([&](postgres::UnitOfWork& unit) -> core::Status {
        for (int i = 0; i < aggregates; ++i) {
          TILTS_CHECK(unit.Emit(CaseEvent("case" + std::to_string(i), sequence, topic_)));
        }
        return {};
      });
      ASSERT_TRUE(status.has_value());
    }
  }
  std::int64_t Seen() { return CountOf(*reader_, "SELECT count(*) FROM seen"); }
  void ExpectEachOnceAndInOrder(int aggregates, std::int64_t last) {
    std::map<std::string, std::int64_t> next;
    const auto rows = reader_->Query("SELECT aggregate, sequence FROM seen ORDER BY at");
    for (const postgres::Row row : *rows) EXPECT_EQ(row.Int(1), ++next[row.Text(0)]) << row.Text(0);
    EXPECT_EQ(next.size(), static_cast<std::size_t>(aggregates));
    for (const auto& [aggregate, sequence] : next) EXPECT_EQ(sequence, last) << aggregate;
  }
  std::unique_ptr<events::Subscription> Join() {
    return std::move(*kafka::Consumer::Create(servers().Kafka(space()), {space() + "-router", "", {topic_}}));
  }
  static events::RunnerOptions Quick() {
    events::RunnerOptions options;
    options.poll_wait = milliseconds(10);
    options.retry.first_wait = milliseconds(5);
    options.offset_reread = milliseconds(200);
    return options;
  }

  std::string topic_;
  std::unique_ptr<postgres::Database> writer_;
  std::unique_ptr<postgres::Database> reader_;
  std::unique_ptr<kafka::Producer> producer_;
  FixedClock clock_;
};

TEST_F(PipelineTest, EffectsHappenOnceAndInOrderThroughDuplicatesFailuresAndTakeOver) {
  events::testing::Duplicator duplicating(*producer_);
  postgres::OutboxRelay relay(*writer_, duplicating);
  relay.Start();
  const auto first_handlers = Noting(1);
  const auto second_handlers = Noting(2);
  postgres::SqlBatchProcessor first_inner(*reader_, first_handlers, clock_, {.group = "router"});
  postgres::SqlBatchProcessor second_inner(*reader_, second_handlers, clock_, {.group = "router"});
  events::testing::RandomFail first_processor(first_inner, 0.1, 11);
  events::testing::RandomFail second_processor(second_inner, 0.1, 12);
  auto first_member = Join();
  auto second_member = Join();
  events::ConsumerRunner first(*first_member, first_processor, Quick());
  events::ConsumerRunner second(*second_member, second_processor, Quick());
  ASSERT_TRUE(first.Start().has_value());
  Write(20, 1, 5);
  ASSERT_TRUE(testing::WaitFor([&] { return Seen() > 20; }, milliseconds(20'000)));
  ASSERT_TRUE(second.Start().has_value());
  Write(20, 6, 10);
  ASSERT_TRUE(testing::WaitFor([&] { return !second.LastStatus().partitions.empty(); }, milliseconds(20'000)));
  first.Stop();
  Write(20, 11, 15);
  ASSERT_TRUE(testing::WaitFor([&] { return Seen() == 300; }, milliseconds(30'000))) << Seen();
  ASSERT_TRUE(testing::WaitFor([&] { return second.Status() && second.Status()->lag() == 0; }, milliseconds(10'000)));
  second.Stop();
  relay.Stop();
  ExpectEachOnceAndInOrder(20, 15);
  EXPECT_EQ(postgres::OutboxRelay::Status(*writer_)->rows, 0u);
}

TEST_F(PipelineTest, APartialRestoreOfTheStoreReplaysToTheSameState) {
  postgres::OutboxRelay relay(*writer_, *producer_);
  relay.Start();
  const auto handlers = Noting(1);
  postgres::SqlBatchProcessor processor(*reader_, handlers, clock_, {.group = "router"});
  auto member = Join();
  events::ConsumerRunner runner(*member, processor, Quick());
  ASSERT_TRUE(runner.Start().has_value());
  Write(10, 1, 5);
  ASSERT_TRUE(testing::WaitFor([&] { return Seen() == 50; }, milliseconds(20'000)));
  // Yesterday's backup: offsets, sequences and effects vanish together.
  ASSERT_TRUE(reader_->Transact([](postgres::UnitOfWork& unit) {
    return unit.ExecScript("TRUNCATE seen; TRUNCATE consumer_offset; TRUNCATE consumed_sequence;");
  }));
  ASSERT_TRUE(testing::WaitFor([&] { return Seen() == 50; }, milliseconds(20'000)));
  Write(10, 6, 6);
  ASSERT_TRUE(testing::WaitFor([&] { return Seen() == 60; }, milliseconds(20'000)));
  runner.Stop();
  ExpectEachOnceAndInOrder(10, 6);
}

}  // namespace
}  // namespace tilts
