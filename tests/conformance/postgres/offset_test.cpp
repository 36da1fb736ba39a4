#include <condition_variable>
#include <mutex>
#include <thread>

#include "postgres/sql_batch_processor.hpp"
#include "sample.hpp"

namespace tilts::postgres {
namespace {

using std::chrono::milliseconds;

class OffsetTest : public testing::ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    if (HasFatalFailure()) return;
    options_ = FreshSchema();
    database_ = std::make_unique<Database>(options_);
    ASSERT_TRUE(database_->Query("CREATE TABLE seen (event_id text NOT NULL, worker integer NOT NULL)"));
    for (int i = 0; i < 10; ++i) {
      records_.push_back(AsRecord(CaseEvent("case" + std::to_string(i % 3), static_cast<std::uint64_t>(i / 3 + 1)), i));
    }
  }

  // Handlers that note each event; `before` runs inside the transaction.
  SqlBatchProcessor::Handlers Noting(int worker, std::function<void()> before = {}) {
    SqlBatchProcessor::Handlers handlers;
    handlers.On<cases::v1::ReportAttached>([worker, before](UnitOfWork& unit, const events::v1::Envelope& envelope,
                                                            const cases::v1::ReportAttached&) -> core::Status {
      if (before) before();
      TILTS_CHECK(unit.Exec("INSERT INTO seen VALUES ($1, $2)", {envelope.id(), worker}));
      return {};
    });
    return handlers;
  }
  std::int64_t Seen() { return CountOf(*database_, "SELECT count(*) FROM seen"); }

  DatabaseOptions options_;
  std::unique_ptr<Database> database_;
  FixedClock clock_;
  std::vector<events::Record> records_;
  const events::TopicPartition at_{"tilts.cases.pmp.v1", 0};
};

TEST_F(OffsetTest, AZombieThatWasPausedBetweenLoadAndWriteWritesNothing) {
  const auto first_handlers = Noting(1);
  const auto second_handlers = Noting(2);
  SqlBatchProcessor zombie(*database_, first_handlers, clock_, {.group = "router"});
  SqlBatchProcessor owner(*database_, second_handlers, clock_, {.group = "router"});
  const auto loaded = zombie.LoadOffsets({at_});
  ASSERT_TRUE(loaded.has_value());
  ASSERT_FALSE((*loaded)[0].has_value());
  // The other worker takes the partition over and goes on.
  ASSERT_TRUE(owner.Process(at_, std::nullopt, std::span(records_).first(4)).has_value());
  ASSERT_TRUE(owner.Process(at_, 4, std::span(records_).subspan(4)).has_value());
  const auto late = zombie.Process(at_, (*loaded)[0], std::span(records_).first(4));
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, core::Errc::kConflict);
  EXPECT_EQ(late.error().reason, events::kOffsetFenced);
  EXPECT_EQ(Seen(), 10);
  EXPECT_EQ(CountOf(*database_, "SELECT count(*) FROM seen WHERE worker = 1"), 0);
  EXPECT_EQ(*(*zombie.LoadOffsets({at_}))[0], 10) << "and it learns where the partition is";
}

TEST_F(OffsetTest, AZombieThatLoadedAnOffsetWritesNothing) {
  const auto first_handlers = Noting(1);
  const auto second_handlers = Noting(2);
  SqlBatchProcessor zombie(*database_, first_handlers, clock_, {.group = "router"});
  SqlBatchProcessor owner(*database_, second_handlers, clock_, {.group = "router"});
  ASSERT_TRUE(zombie.Process(at_, std::nullopt, std::span(records_).first(4)).has_value());
  ASSERT_TRUE(owner.Process(at_, 4, std::span(records_).subspan(4)).has_value());
  const auto late = zombie.Process(at_, 4, std::span(records_).subspan(4));
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().reason, events::kOffsetFenced);
  EXPECT_EQ(Seen(), 10);
  EXPECT_EQ(CountOf(*database_, "SELECT count(*) FROM seen WHERE worker = 1"), 4);
}

TEST_F(OffsetTest, OfTwoWorkersInTheSameBatchOneWrites) {
  std::mutex mutex;
  std::condition_variable changed;
  bool inside = false;
  bool go_on = false;
  const auto slow_handlers = Noting(1, [&] {
    std::unique_lock lock(mutex);
    inside = true;
    changed.notify_all();
    changed.wait_for(lock, std::chrono::seconds(5), [&] { return go_on; });
  });
  const auto quick_handlers = Noting(2);
  SqlBatchProcessor slow(*database_, slow_handlers, clock_, {.group = "router"});
  SqlBatchProcessor quick(*database_, quick_handlers, clock_, {.group = "router"});
  core::Status slow_status;
  std::thread first([&] { slow_status = slow.Process(at_, std::nullopt, records_); });
  {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(5), [&] { return inside; }));
  }
  core::Status quick_status;
  std::thread second([&] { quick_status = quick.Process(at_, std::nullopt, records_); });
  ASSERT_TRUE(testing::WaitFor(
      [&] {
        return CountOf(*database_,
                       "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                       "application_name = '" +
                           options_.application_name + "'") == 1;
      },
      milliseconds(5'000)));
  {
    const std::lock_guard lock(mutex);
    go_on = true;
  }
  changed.notify_all();
  first.join();
  second.join();
  EXPECT_TRUE(slow_status.has_value());
  ASSERT_FALSE(quick_status.has_value());
  EXPECT_EQ(quick_status.error().reason, events::kOffsetFenced);
  EXPECT_EQ(Seen(), 10);
}

TEST_F(OffsetTest, AnAggregatesOldSequencesAreIgnored) {
  const auto handlers = Noting(1);
  SqlBatchProcessor processor(*database_, handlers, clock_, {.group = "router"});
  // A relay that was killed before deleting publishes the same events again, behind the first ones.
  std::vector<events::Record> twice = records_;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    twice.push_back(records_[i]);
    twice.back().offset = static_cast<std::int64_t>(10 + i);
  }
  ASSERT_TRUE(processor.Process(at_, std::nullopt, twice).has_value());
  EXPECT_EQ(Seen(), 10);
  std::vector<events::Record> again = records_;
  for (std::size_t i = 0; i < again.size(); ++i) again[i].offset = static_cast<std::int64_t>(20 + i);
  ASSERT_TRUE(processor.Process(at_, 20, again).has_value());
  EXPECT_EQ(Seen(), 10);
  EXPECT_EQ(CountOf(*database_, "SELECT next_offset FROM consumer_offset"), 30);
}

TEST_F(OffsetTest, GroupsDoNotDisturbEachOther) {
  const auto handlers = Noting(1);
  SqlBatchProcessor router(*database_, handlers, clock_, {.group = "router"});
  SqlBatchProcessor auditor(*database_, handlers, clock_, {.group = "auditor"});
  ASSERT_TRUE(router.Process(at_, std::nullopt, records_).has_value());
  ASSERT_TRUE(auditor.Process(at_, std::nullopt, records_).has_value());
  EXPECT_EQ(Seen(), 20);
}

}  // namespace
}  // namespace tilts::postgres
