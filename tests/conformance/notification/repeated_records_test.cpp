// From the record in Kafka to the receiver: however often a record comes, every endpoint hears of its event once.
#include "crypto/random.hpp"
#include "events/consumer_runner.hpp"
#include "events/draft.hpp"
#include "events/testing_middleware.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "stand.hpp"

namespace tilts::notification {
namespace {

using namespace std::chrono_literals;
using codes::v1::URGENCY_IMMINENT;

constexpr char kGroup[] = "notification";
constexpr std::size_t kReferrals = 12;

class RepeatedRecordsTest : public Stand {
 protected:
  void SetUp() override {
    Stand::SetUp();
    if (HasFatalFailure()) return;
    topic_ = FreshTopic("referrals", 3);
    EnsureTopic(events::DeadLetterTopic(topic_, kGroup), 1);
    producer_ = std::move(*kafka::Producer::Create(servers().Kafka(space())));
    Register("police", first_.url(), 1);
    Register("police", second_.url(), 2);
    Register("school", school_.url());
  }

  template <typename Event>
  events::Draft RecordOf(const Event& event, std::uint64_t sequence) {
    events::Meta meta;
    meta.id = crypto::RandomId();
    meta.source = "/referral-routing";
    meta.subject = event.facts().referral_id();
    meta.sequence = sequence;
    meta.purpose = codes::v1::PURPOSE_PROTECTION;
    meta.occurred_at = meta.recorded_at = city.Now();
    events::Draft draft = *events::MakeDraft(event, meta);
    draft.topic = topic_;
    return draft;
  }

  // A referral of a danger, sent and then escalated to the second channel: two endpoints of the police hear one event
  // each, the school hears the first.
  std::vector<events::Draft> Danger() {
    const auto sent = EventFor("police", URGENCY_IMMINENT, "school");
    referrals::v1::ReferralEscalated escalated;
    escalated.set_case_id(sent.case_id());
    *escalated.mutable_facts() = sent.facts();
    escalated.mutable_facts()->set_sequence(2);
    escalated.set_rung_id("duty-officer");
    escalated.set_channel_order(2);
    escalated.add_notify_institution_ids("police");
    return {RecordOf(sent, 1), RecordOf(escalated, 2)};
  }

  bool CaughtUp(events::ConsumerRunner& runner) {
    return Eventually([&] {
      const auto status = runner.Status();
      return status && status->partitions.size() == 3 && status->lag() == 0;
    });
  }
  bool AtRest() {
    return Eventually([&] { return Sql("SELECT count(*) FROM delivery WHERE state = 1 OR lease IS NOT NULL") == "0"; });
  }
  void ExpectEachOnce() {
    for (const Receiver* receiver : {&first_, &second_, &school_}) {
      EXPECT_EQ(receiver->count(), kReferrals);
      EXPECT_EQ(receiver->ids().size(), kReferrals);
    }
    EXPECT_EQ(Sql("SELECT count(*) FROM delivery"), std::to_string(3 * kReferrals));
    EXPECT_EQ(Sql("SELECT last_cursor FROM feed_head WHERE institution_id = 'police'"), std::to_string(2 * kReferrals));
    EXPECT_EQ(Sql("SELECT count(*) FROM dead_letter"), "0");
  }

  Receiver first_;
  Receiver second_;
  Receiver school_;
  std::string topic_;
  std::unique_ptr<kafka::Producer> producer_;
};

TEST_F(RepeatedRecordsTest, GoOnceToEveryEndpointWhenRecordsAreDoubledAndBatchesRedelivered) {
  events::testing::Duplicator doubling(*producer_);
  const auto handlers = writer->Handlers();
  postgres::SqlBatchProcessor inner(*database, handlers, city, {.group = kGroup});
  events::testing::RandomFail losing_answers(inner, 0.3, 7);
  auto member = std::move(*kafka::Consumer::Create(servers().Kafka(space()), {space() + "-n", "", {topic_}}));
  events::RunnerOptions quick;
  quick.batch_records = 5;
  quick.poll_wait = 10ms;
  quick.retry.first_wait = 5ms;
  quick.offset_reread = 200ms;
  events::ConsumerRunner runner(*member, losing_answers, quick);
  StartDispatcher();
  ASSERT_TRUE(runner.Start().has_value());
  for (std::size_t i = 0; i < kReferrals; ++i) {
    const auto records = Danger();
    ASSERT_TRUE(doubling.Publish(records).has_value());
  }
  ASSERT_TRUE(CaughtUp(runner));
  dispatchers.front()->Wake();
  ASSERT_TRUE(AtRest());
  ExpectEachOnce();

  // Every record again, and nothing remembers that it was read: only what was delivered does.
  ASSERT_TRUE(database->Transact([](postgres::UnitOfWork& unit) {
    return unit.ExecScript("TRUNCATE consumer_offset; TRUNCATE consumed_sequence;");
  }));
  ASSERT_TRUE(Eventually([&] {
    return Sql("SELECT coalesce(sum(next_offset), 0) FROM consumer_offset") == std::to_string(4 * kReferrals);
  }));
  ASSERT_TRUE(CaughtUp(runner));
  dispatchers.front()->Wake();
  ASSERT_TRUE(AtRest());
  runner.Stop();
  ExpectEachOnce();
}

}  // namespace
}  // namespace tilts::notification
