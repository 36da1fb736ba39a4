#include <atomic>

#include "postgres/outbox_relay.hpp"
#include "postgres/sql_batch_processor.hpp"
#include "sample.hpp"

namespace tilts::postgres {
namespace {

constexpr char kTopic[] = "tilts.cases.pmp.v1";

class DeadLetterTest : public testing::ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    if (HasFatalFailure()) return;
    database_ = std::make_unique<Database>(FreshSchema());
    ASSERT_TRUE(database_->Query("CREATE TABLE seen (at bigserial, event_id text NOT NULL UNIQUE)"));
    handlers_.On<cases::v1::ReportAttached>([this](UnitOfWork& unit, const events::v1::Envelope& envelope,
                                                   const cases::v1::ReportAttached&) -> core::Status {
      TILTS_CHECK(unit.Exec("INSERT INTO seen (event_id) VALUES ($1)", {envelope.id()}));
      TILTS_CHECK(unit.Emit(CaseEvent("answer-" + envelope.subject(), envelope.sequence())));
      if (bad_.contains(envelope.id())) return core::Fail(bad_code_, "cannot be handled", "BAD_EVENT");
      return {};
    });
    SqlBatchOptions options;
    options.group = "router";
    options.retry.bounded_attempts = 3;
    processor_ = std::make_unique<SqlBatchProcessor>(*database_, handlers_, clock_, options);
  }

  core::Status Process(const std::vector<events::Draft>& drafts) {
    std::vector<events::Record> records;
    const std::int64_t first = next_;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      records.push_back(AsRecord(drafts[i], first + static_cast<std::int64_t>(i)));
    }
    auto status = processor_->Process({kTopic, 0}, first == 0 ? std::nullopt : std::optional(first), records);
    if (status) next_ += static_cast<std::int64_t>(drafts.size());
    return status;
  }
  std::vector<std::string> Seen() {
    std::vector<std::string> ids;
    const auto rows = database_->Query("SELECT event_id FROM seen ORDER BY at");
    for (const Row row : *rows) ids.push_back(row.Text(0));
    return ids;
  }
  std::vector<DeadLetter> Letters() { return *DeadLetters(*database_, "router").List(0, 100); }

  std::unique_ptr<Database> database_;
  FixedClock clock_;
  SqlBatchProcessor::Handlers handlers_;
  std::unique_ptr<SqlBatchProcessor> processor_;
  std::set<std::string> bad_;
  core::Errc bad_code_ = core::Errc::kInternal;
  std::int64_t next_ = 0;
};

TEST_F(DeadLetterTest, OneBadRecordParksItsAggregateAndCostsTheOthersNothing) {
  bad_ = {"a/2"};
  ASSERT_TRUE(Process({CaseEvent("a", 1), CaseEvent("a", 2), CaseEvent("b", 1), CaseEvent("a", 3), CaseEvent("b", 2)}));
  EXPECT_EQ(Seen(), (std::vector<std::string>{"a/1", "b/1", "b/2"}));
  const auto letters = Letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].event_id, "a/2");
  EXPECT_EQ(letters[0].aggregate_id, "a");
  EXPECT_EQ(letters[0].reason, "BAD_EVENT");
  EXPECT_EQ(letters[0].code, core::ToString(core::Errc::kInternal));
  EXPECT_EQ(letters[0].offset, 1);
  EXPECT_EQ(letters[0].parked_behind, 1u);
  EXPECT_EQ(*DeadLetters(*database_, "router").CountBlocking(), 2u);
  ASSERT_TRUE(Process({CaseEvent("a", 4), CaseEvent("b", 3)})) << "later batches know of it too";
  EXPECT_EQ(Seen().back(), "b/3");
  EXPECT_EQ(Letters()[0].parked_behind, 2u);
}

TEST_F(DeadLetterTest, WhatTheFailedHandlerWroteIsUndone) {
  bad_ = {"a/1"};
  ASSERT_TRUE(Process({CaseEvent("a", 1), CaseEvent("b", 1)}));
  EXPECT_EQ(CountOf(*database_, "SELECT count(*) FROM outbox WHERE key LIKE 'answer-a%'"), 0);
  EXPECT_EQ(CountOf(*database_, "SELECT count(*) FROM outbox WHERE key LIKE 'answer-b%'"), 1);
}

TEST_F(DeadLetterTest, RedriveRestoresTheOrder) {
  bad_ = {"a/2"};
  ASSERT_TRUE(Process({CaseEvent("a", 1), CaseEvent("a", 2), CaseEvent("a", 3), CaseEvent("a", 4)}));
  const auto still_bad = processor_->Redrive("a");
  ASSERT_FALSE(still_bad.has_value());
  EXPECT_EQ(still_bad.error().reason, "BAD_EVENT");
  EXPECT_EQ(Letters()[0].attempts, 2);
  bad_.clear();
  int audits = 0;
  const auto done = processor_->Redrive("a", [&](UnitOfWork&) -> core::Status {
    ++audits;
    return {};
  });
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(*done, 3u);
  EXPECT_EQ(audits, 1);
  EXPECT_EQ(Seen(), (std::vector<std::string>{"a/1", "a/2", "a/3", "a/4"}));
  EXPECT_TRUE(Letters().empty());
  ASSERT_TRUE(Process({CaseEvent("a", 3), CaseEvent("a", 5)})) << "duplicates of re-driven records are still seen";
  EXPECT_EQ(Seen().back(), "a/5");
  EXPECT_EQ(Seen().size(), 5u);
}

TEST_F(DeadLetterTest, TheDeadLetterTopicGetsTheOriginalBytesAndWhy) {
  bad_ = {"a/1"};
  const auto draft = CaseEvent("a", 1);
  ASSERT_TRUE(Process({draft}));
  events::InMemoryBus bus;
  bus.CreateTopic(events::DeadLetterTopic(kTopic, "router"), 1);
  auto publisher = bus.MakePublisher();
  OutboxRelay relay(*database_, *publisher);
  ASSERT_TRUE(relay.RelayOnce().has_value());
  const auto letters = bus.Contents("tilts.cases.pmp.v1.dlq.router");
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].value, draft.value);
  EXPECT_EQ(letters[0].key, "a");
  const std::vector<events::Header> expected = {
      {"x-dlq-reason", "BAD_EVENT"}, {"x-dlq-code", std::string(core::ToString(core::Errc::kInternal))},
      {"x-dlq-topic", kTopic},       {"x-dlq-partition", "0"},
      {"x-dlq-offset", "0"},         {"x-dlq-handler", "router"},
      {"x-dlq-attempts", "1"}};
  EXPECT_EQ(letters[0].headers, expected);
}

TEST_F(DeadLetterTest, PoisonIsParkedWithItsReason) {
  events::Draft empty = CaseEvent("a", 1);
  empty.value.clear();
  events::Draft garbage = CaseEvent("b", 1);
  garbage.value = "not an envelope";
  ASSERT_TRUE(Process({empty, garbage, CaseEvent("c", 1), CaseEvent("b", 2)}));
  EXPECT_EQ(Seen(), std::vector<std::string>{"c/1"});
  const auto letters = Letters();
  ASSERT_EQ(letters.size(), 2u);
  EXPECT_EQ(letters[0].reason, "ENVELOPE_EMPTY");
  EXPECT_EQ(letters[1].reason, "ENVELOPE_UNREADABLE");
  EXPECT_EQ(letters[1].parked_behind, 1u) << "what shares the unreadable record's key may depend on it";
}

TEST_F(DeadLetterTest, AMissingPartStopsThePartitionInsteadOfParking) {
  bad_ = {"a/1"};
  bad_code_ = core::Errc::kUnavailable;
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(Process({CaseEvent("a", 1), CaseEvent("b", 1)}));
  EXPECT_TRUE(Letters().empty());
  EXPECT_TRUE(Seen().empty()) << "the batch waits as a whole";
  bad_.clear();
  EXPECT_TRUE(Process({CaseEvent("a", 1), CaseEvent("b", 1)}));
}

TEST_F(DeadLetterTest, ALostRaceIsTriedAFewTimesAndThenParked) {
  bad_ = {"a/1"};
  bad_code_ = core::Errc::kConflict;
  EXPECT_FALSE(Process({CaseEvent("a", 1), CaseEvent("b", 1)}));
  EXPECT_FALSE(Process({CaseEvent("a", 1), CaseEvent("b", 1)}));
  ASSERT_TRUE(Process({CaseEvent("a", 1), CaseEvent("b", 1)}));
  ASSERT_EQ(Letters().size(), 1u);
  EXPECT_EQ(Letters()[0].attempts, 3);
  EXPECT_EQ(Seen(), std::vector<std::string>{"b/1"});
}

TEST_F(DeadLetterTest, OrderFreeFactsParkNothingBehindThem) {
  SqlBatchOptions options;
  options.group = "aggregation";
  options.order_free_topics = {kTopic};
  SqlBatchProcessor facts(*database_, handlers_, clock_, options);
  bad_ = {"a/1"};
  const std::vector<events::Record> records = {AsRecord(CaseEvent("a", 1), 0), AsRecord(CaseEvent("a", 2), 1)};
  ASSERT_TRUE(facts.Process({kTopic, 0}, std::nullopt, records).has_value());
  EXPECT_EQ(Seen(), std::vector<std::string>{"a/2"});
  bad_.clear();
  EXPECT_EQ(*facts.Redrive("a"), 1u);
  EXPECT_EQ(Seen(), (std::vector<std::string>{"a/2", "a/1"}));
}

TEST_F(DeadLetterTest, AHandlerThatThrowsIsABugAndParks) {
  SqlBatchProcessor::Handlers throwing;
  throwing.On<cases::v1::ReportAttached>(
      [](UnitOfWork&, const events::v1::Envelope&, const cases::v1::ReportAttached&) -> core::Status {
        throw std::runtime_error("secret text");
      });
  SqlBatchProcessor processor(*database_, throwing, clock_, {.group = "router"});
  const std::vector<events::Record> records = {AsRecord(CaseEvent("a", 1), 0)};
  ASSERT_TRUE(processor.Process({kTopic, 0}, std::nullopt, records).has_value());
  ASSERT_EQ(Letters().size(), 1u);
  EXPECT_EQ(Letters()[0].reason, "HANDLER_EXCEPTION");
}

}  // namespace
}  // namespace tilts::postgres
