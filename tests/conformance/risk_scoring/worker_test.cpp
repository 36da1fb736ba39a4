#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "events/catalogue.hpp"
#include "events/consumer_runner.hpp"
#include "events/draft.hpp"
#include "kafka/consumer.hpp"
#include "risk_fixture.hpp"
#include "testing/wait_for.hpp"

namespace tilts::risk_scoring {
namespace {

using std::chrono::seconds;
class WorkerTest : public RiskTest {};

TEST_F(WorkerTest, FactsBecomeAProposalAndALimitBehindTheRealRunner) {
  Enrol("pupil-1");
  Enrol("pupil-2");
  for (int n = 0; n < 12; ++n) {
    Attend("pupil-1", n, 2);
    Attend("pupil-2", n, 0);
    CloseDay(n);
  }
  auto consumer = kafka::Consumer::Create(servers().Kafka(space()), {space(), "", {facts_topic_}}).value();
  const auto processor = NewProcessor();
  events::ConsumerRunner runner(*consumer, *processor);
  ASSERT_TRUE(runner.Start());
  ASSERT_TRUE(testing::WaitFor(
      [&] {
        const auto status = runner.Status();
        return status && status->joined && !status->partitions.empty() && status->lag() == 0 &&
               status->partitions.front().end_offset > 0;
      },
      seconds(30)));
  runner.Stop();

  const auto proposals = SaidOf<risk::v1::TierProposed>();
  ASSERT_FALSE(proposals.empty());
  std::set<std::string> pupils;
  for (const auto& proposal : proposals) {
    pupils.insert(proposal.pupil_id());
    std::int32_t sum = 0;
    for (const auto& contribution : proposal.contributions()) sum += contribution.points();
    EXPECT_EQ(sum, proposal.points());
  }
  EXPECT_EQ(pupils, std::set<std::string>{"pupil-1"});
  EXPECT_EQ(proposals.back().tier(), 2U);
  EXPECT_EQ(proposals.back().institution_id(), kSchool);
  const auto limits = SaidOf<risk::v1::LimitCrossed>();
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_EQ(limits.front().lessons(), 22U);
  EXPECT_EQ(limits.front().crossing(), 1U);
}

TEST_F(WorkerTest, SequencesRiseAndComeFromTheCause) {
  Enrol("pupil-1");
  Attended("pupil-1", 0, 12, 2);
  const auto processor = NewProcessor();
  ASSERT_TRUE(Drain(*processor));
  std::uint64_t last = 0;
  for (const events::v1::Envelope& envelope : Said()) {
    EXPECT_GT(envelope.sequence(), last);
    last = envelope.sequence();
    EXPECT_FALSE(envelope.causation_id().empty());
  }
  EXPECT_GT(last, 16U);
}

TEST_F(WorkerTest, ADeathBetweenPublishAndWriteSaysTheSameAgain) {
  Enrol("pupil-1");
  Attended("pupil-1", 0, 12, 2);
  auto dying = NewProcessor();
  dying->SetAfterPublish([this]() -> core::Status {
    const bool said = std::ranges::any_of(topics_->published, [](const auto& r) { return r.topic == "tilts.risk.v1"; });
    return said ? core::Fail(core::Errc::kUnavailable, "died") : core::Status();
  });
  EXPECT_FALSE(Drain(*dying)) << "it dies at the first batch that says something";
  const auto first = Said();
  ASSERT_FALSE(first.empty());
  dying = NewProcessor();
  ASSERT_TRUE(Drain(*dying));

  std::map<std::string, std::set<std::string>> by_id;
  std::map<std::string, int> times;
  for (const events::Record& record : ReadAll(risk_topic_, 1)) {
    const std::string id = events::Decode(record.value).value().id();
    by_id[id].insert(record.value);
    ++times[id];
  }
  ASSERT_FALSE(by_id.empty());
  for (const auto& [id, values] : by_id) EXPECT_EQ(values.size(), 1U) << "another record under one id";
  for (const auto& envelope : first) EXPECT_EQ(times[envelope.id()], 2);
}

TEST_F(WorkerTest, TheZombieIsFencedAndWritesNothing) {
  Enrol("pupil-1");
  const auto zombie = NewProcessor();
  const auto heir = NewProcessor();
  ASSERT_TRUE(Drain(*zombie));
  Attend("pupil-1", 0, 1);
  ASSERT_TRUE(Drain(*heir));
  const std::string digest = Digest();
  const events::TopicPartition at = PartitionOf("pupil-1");
  ASSERT_TRUE(reader_->Seek({at, 1}));
  const auto records = reader_->Read(10, seconds(2)).value();
  ASSERT_EQ(records.size(), 1U);
  // It still holds what it wrote itself, and expects it.
  const auto refused = zombie->Process(at, 1, records);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().reason, events::kOffsetFenced);
  EXPECT_EQ(Digest(), digest);
}

TEST_F(WorkerTest, NothingIsWrittenBeforeTheReportsCameAndNothingIsLeftUnsaid) {
  Enrol("pupil-1");
  Attended("pupil-1", 0, 12, 2);
  const auto processor = NewProcessor();
  topics_->down = true;
  EXPECT_FALSE(Drain(*processor));
  const auto stored = store_->Positions({PartitionOf("pupil-1")}).value().front();
  EXPECT_FALSE(stored.has_value());
  topics_->down = false;
  // The same worker, which has taken these records in once already.
  ASSERT_TRUE(Drain(*processor));
  EXPECT_EQ(SaidOf<risk::v1::LimitCrossed>().size(), 1U);
  EXPECT_FALSE(SaidOf<risk::v1::TierProposed>().empty());
}

TEST_F(WorkerTest, WhatCannotBeReadIsADeadLetterAndStopsNobody) {
  SendRaw("pupil-1", "not an envelope", PartitionOf("pupil-1").partition);
  Enrol("pupil-1");
  const auto processor = NewProcessor();
  ASSERT_TRUE(Drain(*processor));
  EXPECT_EQ(store_->CountLetters(All()).value(), 1U);
  EXPECT_FALSE(store_->ReadPupil(PartitionOf("pupil-1"), "pupil-1").value().pupil.empty());
  const auto letters = ReadAll(events::DeadLetterTopic(facts_topic_, space()), 1);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters.front().value, "not an envelope");
}

TEST_F(WorkerTest, AnUnreadableCardStopsThePartitionWhereItStands) {
  const events::TopicPartition at = PartitionOf("pupil-1");
  Enrol("pupil-1");
  SendRaw("card", "a card of the future", at.partition);
  Attend("pupil-1", 0, 1);
  const auto processor = NewProcessor();
  for (int tries = 0; tries < 2; ++tries) {
    const auto drained = Drain(*processor);
    ASSERT_FALSE(drained.has_value());
    EXPECT_EQ(drained.error().code, core::Errc::kRefused);
    EXPECT_EQ(drained.error().reason, events::kRecordBlocks);
    // What came before it is written, it and what follows is not.
    EXPECT_EQ(store_->Positions({at}).value().front()->next_offset, 1);
  }
  EXPECT_EQ(store_->CountLetters(All()).value(), 0U);
}

// A record that puts a version of the first card into force.
events::Record Activation(const CardInForce& first, unsigned version, const std::string& id, std::int64_t offset) {
  risk::v1::CardActivated event;
  event.set_control("card");
  *event.mutable_card() = first->contract;
  event.mutable_card()->set_version(version);
  event.set_card_hash(MakeCard(event.card()).value()->hash);
  events::Meta meta;
  meta.id = id;
  meta.source = "/test";
  meta.subject = "card";
  meta.occurred_at = meta.recorded_at = AtNoon().Now();
  const events::Draft draft = events::MakeDraft(event, meta).value();
  return {{"tilts.learning.v1", 0}, offset, draft.key, draft.value, {}};
}

TEST_F(WorkerTest, TheSameActivationAgainDoesNotBringAnOlderCardBack) {
  Partition partition(first_card_);
  Effects effects;
  ASSERT_TRUE(partition.Take(Activation(first_card_, 2, "first-request", 0), effects));
  ASSERT_TRUE(partition.Take(Activation(first_card_, 3, "second-request", 1), effects));
  ASSERT_TRUE(partition.Take(Activation(first_card_, 2, "first-request", 2), effects));
  EXPECT_EQ(partition.control().card->contract.version(), 3U);
  Partition again(first_card_);
  ASSERT_TRUE(again.LoadControl(PackControl(partition.control()).value()));
  ASSERT_TRUE(again.Take(Activation(first_card_, 2, "first-request", 3), effects));
  EXPECT_EQ(again.control().card->contract.version(), 3U);
}

TEST_F(WorkerTest, ACardThatIsNotTheOneThatWasActivatedBlocks) {
  Partition partition(first_card_);
  Effects effects;
  events::Record record = Activation(first_card_, 2, "request", 0);
  events::v1::Envelope envelope = events::Decode(record.value).value();
  risk::v1::CardActivated event;
  ASSERT_TRUE(events::DecodeEventInto(envelope, event));
  event.mutable_card()->set_pass_mark(5);
  envelope.set_data(event.SerializeAsString());
  record.value = envelope.SerializeAsString();
  const auto taken = partition.Take(record, effects);
  ASSERT_FALSE(taken.has_value());
  EXPECT_EQ(taken.error().reason, events::kRecordBlocks);
}

}  // namespace
}  // namespace tilts::risk_scoring
