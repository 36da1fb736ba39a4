#include <gmock/gmock.h>

#include "events/consumer_runner.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "testing/wait_for.hpp"
#include "tier_fixture.hpp"

namespace tilts::case_intake::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kConfirm = codes::v1::TIER_DECISION_CONFIRM;
constexpr auto kDecline = codes::v1::TIER_DECISION_DECLINE;

class TierProposalTest : public TierTest {
 protected:
  static std::vector<std::string> Pupils(const std::vector<intake::v1::Tier>& tiers) {
    std::vector<std::string> pupils;
    for (const intake::v1::Tier& tier : tiers) pupils.push_back(tier.pupil_id());
    return pupils;
  }
};

TEST_F(TierProposalTest, TheSameEvidenceAgainKeepsTheDecision) {
  const std::string pupil = Enrolled(kSchool, "code-1");
  Propose(pupil, 1, 3, "d1");
  const intake::v1::Tier decided = Decided(RequestFor("q1", pupil, kDecline));
  Propose(pupil, 20, 3, "d1");
  ASSERT_EQ(List().size(), 1u);
  EXPECT_EQ(List()[0].SerializeAsString(), decided.SerializeAsString());
  EXPECT_THAT(List(kSchool, true), IsEmpty());
}

TEST_F(TierProposalTest, OtherEvidenceOpensAgainAndKeepsTheDecisionUntilTheNext) {
  const std::string pupil = Enrolled(kSchool, "code-1");
  Propose(pupil, 1, 2, "d1");
  Decided(RequestFor("q1", pupil, kConfirm));
  Propose(pupil, 2, 3, "d2");
  const auto waiting = List(kSchool, true);
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_TRUE(waiting[0].reopened());
  EXPECT_EQ(waiting[0].proposed_tier(), 3u);
  EXPECT_EQ(waiting[0].decision(), kConfirm);
  EXPECT_EQ(waiting[0].decided_tier(), 2u);
  EXPECT_FALSE(Decided(RequestFor("q2", pupil, kConfirm, "d2")).reopened());
  const auto decided = PublishedOf<cases::v1::TierDecided>();
  ASSERT_EQ(decided.size(), 2u);
  std::vector<std::uint64_t> sequences;
  for (const events::v1::Envelope& envelope : Published()) {
    if (envelope.type() == "tilts.cases.v1.TierDecided") sequences.push_back(envelope.sequence());
  }
  EXPECT_THAT(sequences, ElementsAre(1u, 2u));
}

TEST_F(TierProposalTest, TierOneTakesBackWhatNobodyDecidedOn) {
  const std::string pupil = Enrolled(kSchool, "code-1");
  Propose(pupil, 1, 2, "d1");
  Propose(pupil, 2, 1, "d0");
  EXPECT_THAT(List(), IsEmpty());
  EXPECT_EQ(Refused(RequestFor("q1", pupil, kConfirm)).reason, "TIER_NOT_PROPOSED");
}

TEST_F(TierProposalTest, ARewoundLogChangesNothing) {
  const std::string pupil = Enrolled(kSchool, "code-1");
  Propose(pupil, 1, 2, "d1");
  Propose(pupil, 2, 3, "d2");
  const intake::v1::Tier decided = Decided(RequestFor("q1", pupil, kConfirm, "d2"));
  // The consumer's memory is lost, what people decided is not.
  ASSERT_TRUE(database_->Query("DELETE FROM consumed_sequence"));
  Propose(pupil, 1, 2, "d1");
  Propose(pupil, 2, 3, "d2");
  EXPECT_EQ(List()[0].SerializeAsString(), decided.SerializeAsString());
  EXPECT_EQ(Count("tier WHERE revision = 3"), 1);
}

TEST_F(TierProposalTest, ListsTheNewestFirstPageByPage) {
  std::vector<std::string> pupils;
  for (int i = 0; i < 5; ++i) {
    pupils.push_back(Enrolled(kSchool, "code-" + std::to_string(i)));
    Propose(pupils.back(), static_cast<std::uint64_t>(i) + 1, 2, "d1");
  }
  Propose(Enrolled(kOtherSchool, "code-9"), 1, 2, "d1", kOtherSchool);
  Decided(RequestFor("q1", pupils[4], kDecline));
  intake::v1::ListTiersRequest request;
  request.set_page_size(2);
  request.set_only_undecided(true);
  const auto first = desk_->List(CallBy(kSchool), request);
  ASSERT_TRUE(first);
  EXPECT_THAT(Pupils({first->tiers().begin(), first->tiers().end()}), ElementsAre(pupils[3], pupils[2]));
  request.set_page_token(first->next_page_token());
  const auto second = desk_->List(CallBy(kSchool), request);
  ASSERT_TRUE(second);
  EXPECT_THAT(Pupils({second->tiers().begin(), second->tiers().end()}), ElementsAre(pupils[1], pupils[0]));
  EXPECT_EQ(second->next_page_token(), "");
  EXPECT_EQ(List().size(), 5u);
  request.set_page_token("not one of ours");
  EXPECT_EQ(desk_->List(CallBy(kSchool), request).error().reason, "PAGE_TOKEN");
  EXPECT_EQ(PublishedOf<audit::v1::AuditRecorded>().back().object_ids_size(), 5);
}

TEST_F(TierProposalTest, ComesFromTheRealTopicOnceAndABadOneStopsNobodyElse) {
  const std::string topic = FreshTopic("risk", 2);
  EnsureTopic(events::DeadLetterTopic(topic, kServiceName), 1);
  const auto producer = *kafka::Producer::Create(servers().Kafka(space()));
  const std::string pupil = Enrolled(kSchool, "code-1");
  const std::string other = Enrolled(kSchool, "code-2");
  risk::v1::TierProposed unanswerable = ProposalOf("pupil-x", kSchool, 2, "");
  std::vector<events::OutgoingRecord> records;
  for (const events::Draft& draft :
       {DraftOfProposal(unanswerable, 1), DraftOfProposal(ProposalOf(pupil, kSchool, 2, "d1"), 1),
        DraftOfProposal(ProposalOf(pupil, kSchool, 2, "d1"), 1),
        DraftOfProposal(ProposalOf(pupil, kSchool, 3, "d2"), 2),
        DraftOfProposal(ProposalOf(other, kSchool, 2, "d1"), 1)}) {
    records.push_back(draft);
    records.back().topic = topic;
  }
  ASSERT_TRUE(producer->Publish(records));
  const auto member = *kafka::Consumer::Create(servers().Kafka(space()), {space() + "-intake", "", {topic}});
  events::RunnerOptions options;
  options.poll_wait = std::chrono::milliseconds(10);
  events::ConsumerRunner runner(*member, *processor_, options);
  ASSERT_TRUE(runner.Start());
  EXPECT_TRUE(tilts::testing::WaitFor(
      [&] { return Count("tier WHERE open") == 2 && Count("tier WHERE proposed_tier = 3") == 1; },
      std::chrono::milliseconds(60'000)));
  EXPECT_TRUE(tilts::testing::WaitFor([&] { return Count("dead_letter") == 1; }, std::chrono::milliseconds(60'000)));
  runner.Stop();
  EXPECT_EQ(Count("tier WHERE revision = 2"), 1) << "each proposal once";
  EXPECT_EQ(Decided(RequestFor("q1", pupil, kConfirm, "d2")).proposed_tier(), 3u);
}

}  // namespace
}  // namespace tilts::case_intake::testing
