#include <gmock/gmock.h>

#include <future>

#include "risk_fixture.hpp"
#include "risk_scoring/adapters/rebuilder.hpp"
#include "testing/wait_for.hpp"

namespace tilts::risk_scoring {
namespace {

using operations::v1::GetRebuildResponse;
using operations::v1::RebuildMode;

class RebuildTest : public RiskTest {
 protected:
  void SetUp() override {
    RiskTest::SetUp();
    if (HasFatalFailure()) return;
    for (const char* pupil : {"pupil-1", "pupil-2", "pupil-3"}) Enrol(pupil);
    Attended("pupil-1", 0, 12, 2);
    processor_ = NewProcessor();
    ASSERT_TRUE(Drain(*processor_));
  }

  GetRebuildResponse Run(RebuildMode mode) {
    Rebuilder rebuilder({*store_, servers().Kafka(space()), first_card_, All(), clock_, log::Silent()});
    const std::string id = std::to_string(++runs_);
    EXPECT_TRUE(rebuilder.Start(id, mode));
    std::promise<core::Result<GetRebuildResponse>> ended;
    rebuilder.AwaitEnd(id, std::chrono::steady_clock::now() + std::chrono::seconds(30),
                       [&](const auto& progress) { ended.set_value(progress); });
    const auto progress = ended.get_future().get();
    EXPECT_TRUE(progress && progress->done()) << "the wait ended before the rebuild";
    return progress.value_or(GetRebuildResponse());
  }
  // Another pupil's state in place of this one's: readable, and wrong.
  void Edit(const std::string& pupil) {
    const std::string space = store_->Positions({PartitionOf(pupil)}).value().front()->space;
    PupilAt other;
    Apply(other.state,
          Fact{.record_id = {}, .revision = 1, .institution_id = "school-z", .content = Enrolment{kAutumn}});
    ASSERT_TRUE(redis_->Command({"HSET", Key(pupil, space + ":pupils"), pupil, PackPupil(other)}).has_value());
  }

  std::unique_ptr<PartitionProcessor> processor_;
  int runs_ = 0;
};

TEST_F(RebuildTest, AReplayOfWhatIsThereFindsNoDifference) {
  const GetRebuildResponse report = Run(operations::v1::REBUILD_MODE_VERIFY);
  EXPECT_EQ(report.failure(), "");
  EXPECT_EQ(report.difference_count(), 0U);
  EXPECT_EQ(report.live_digest(), report.rebuilt_digest());
  EXPECT_GE(report.compared(), 3U + kPartitions);
  EXPECT_EQ(report.records_read(), ReadAll(facts_topic_, kPartitions).size());
}

TEST_F(RebuildTest, WhatTheLiveWorkerHasNotTakenYetIsNoDifference) {
  Attend("pupil-2", 12, 6);
  EXPECT_EQ(Run(operations::v1::REBUILD_MODE_VERIFY).difference_count(), 0U);
}

TEST_F(RebuildTest, AStoreThatLostEverythingIsNotEqual) {
  for (const char* pupil : {"pupil-1", "pupil-2", "pupil-3"}) {
    ASSERT_TRUE(redis_->Command({"DEL", Key(pupil, "offset")}).has_value());
  }
  const GetRebuildResponse report = Run(operations::v1::REBUILD_MODE_VERIFY);
  EXPECT_EQ(report.failure(), "STATE_MISSING");
}

TEST_F(RebuildTest, AnEditedPupilIsNamed) {
  Edit("pupil-2");
  const GetRebuildResponse report = Run(operations::v1::REBUILD_MODE_VERIFY);
  ASSERT_EQ(report.differences_size(), 1);
  EXPECT_EQ(report.differences(0).object_id(), "pupil/pupil-2");
  EXPECT_EQ(report.differences(0).what(), "differs");
  EXPECT_NE(report.live_digest(), report.rebuilt_digest());
}

TEST_F(RebuildTest, APupilThatIsGoneAndOneTooManyAreNamed) {
  ASSERT_TRUE(redis_->Command({"HDEL", Key("pupil-2", "live:pupils"), "pupil-2"}).has_value());
  ASSERT_TRUE(redis_->Command({"HSET", Key("pupil-3", "live:pupils"), "stranger", "12345678x"}).has_value());
  const GetRebuildResponse report = Run(operations::v1::REBUILD_MODE_VERIFY);
  std::map<std::string, std::string> found;
  for (const auto& difference : report.differences()) found[difference.object_id()] = difference.what();
  EXPECT_EQ(found,
            (std::map<std::string, std::string>{{"pupil/pupil-2", "missing"}, {"pupil/stranger", "superfluous"}}));
}

TEST_F(RebuildTest, AnApplySwitchesFencesTheOldWorkerAndLosesNothing) {
  const std::string digest = Digest();
  Edit("pupil-2");
  const auto before = store_->Positions({PartitionOf("pupil-2")}).value().front();
  const GetRebuildResponse report = Run(operations::v1::REBUILD_MODE_APPLY);
  EXPECT_EQ(report.failure(), "");
  EXPECT_EQ(report.difference_count(), 1U);
  EXPECT_EQ(Digest(), digest);
  const auto after = store_->Positions({PartitionOf("pupil-2")}).value().front();
  EXPECT_NE(after->space, before->space);
  EXPECT_EQ(after->next_offset, before->next_offset);
  EXPECT_EQ(redis_->Command({"EXISTS", Key("pupil-2", "live:pupils")})->AsInteger(), 0);

  // The worker still holds the old namespace, at the same offset.
  Attend("pupil-2", 12, 1);
  const events::TopicPartition at = PartitionOf("pupil-2");
  ASSERT_TRUE(reader_->Seek({at, after->next_offset}));
  const auto records = reader_->Read(10, std::chrono::seconds(2)).value();
  ASSERT_FALSE(records.empty());
  const auto refused = processor_->Process(at, after->next_offset, records);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().reason, events::kOffsetFenced);
  ASSERT_TRUE(Drain(*processor_));
  EXPECT_EQ(Run(operations::v1::REBUILD_MODE_VERIFY).difference_count(), 0U);
}

TEST_F(RebuildTest, OneAtATimeAndTheSameRequestIsTheSameRebuild) {
  Rebuilder rebuilder({*store_, servers().Kafka(space()), first_card_, All(), clock_, log::Silent()});
  ASSERT_TRUE(rebuilder.Start("a", operations::v1::REBUILD_MODE_VERIFY));
  EXPECT_TRUE(rebuilder.Start("a", operations::v1::REBUILD_MODE_VERIFY));
  if (rebuilder.running()) {
    EXPECT_EQ(rebuilder.Start("b", operations::v1::REBUILD_MODE_VERIFY).error().reason, "REBUILD_RUNNING");
  }
  EXPECT_EQ(rebuilder.Progress("never").error().code, core::Errc::kNotFound);
}

}  // namespace
}  // namespace tilts::risk_scoring
