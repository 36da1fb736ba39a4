#include "indicator_aggregation/adapters/rebuild.hpp"

#include <future>

#include "events/consumer_runner.hpp"
#include "fixture.hpp"
#include "indicator_aggregation/adapters/rebuild_methods.hpp"
#include "indicator_aggregation/adapters/snapshot.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "testing/wait_for.hpp"

namespace tilts::indicator_aggregation {
namespace {

// What a deferred answer became.
class Caught final : public rpc::CallHandle {
 public:
  void Finish(core::Result<std::string> answer) override { answered_.set_value(std::move(answer)); }
  core::Result<std::string> Get() { return answered_.get_future().get(); }

 private:
  std::promise<core::Result<std::string>> answered_;
};

core::Result<operations::v1::GetRebuildResponse> AtItsEnd(RebuildMethods& methods,
                                                          const operations::v1::GetRebuildRequest& request) {
  const auto caught = std::make_shared<Caught>();
  methods.AwaitEnd(request, std::chrono::steady_clock::now() + std::chrono::seconds(60),
                   rpc::Replier<operations::v1::GetRebuildResponse>(rpc::RawReplier(caught)));
  TILTS_ASSIGN(const std::string bytes, caught->Get());
  operations::v1::GetRebuildResponse answer;
  EXPECT_TRUE(answer.ParseFromString(bytes));
  return answer;
}

// The service's consumer at work on topics of the test's own, and rebuilds beside it.
class RebuildTest : public IndicatorTest {
 protected:
  void SetUp() override {
    IndicatorTest::SetUp();
    if (HasFatalFailure()) return;
    topic_ = FreshTopic("learning", 3);
    city_ = NewCity("a");
    city_->processor = std::make_unique<postgres::SqlBatchProcessor>(*city_->database, handlers_, clock_,
                                                                     postgres::SqlBatchOptions{kGroup, {topic_}, {}});
    producer_ = kafka::Producer::Create(servers().Kafka(space())).value();
    consumer_ = kafka::Consumer::Create(servers().Kafka(space()), {space(), space(), {topic_}}).value();
    runner_ = std::make_unique<events::ConsumerRunner>(*consumer_, *city_->processor);
    ASSERT_TRUE(runner_->Start());
  }
  void TearDown() override {
    if (runner_) runner_->Stop();
    IndicatorTest::TearDown();
  }

  void Publish(int from, int to) {
    std::vector<events::Draft> drafts;
    for (int i = from; i < to; ++i) {
      const std::string n = std::to_string(i);
      const std::string pupil = "pupil-" + std::to_string(i % 23);
      drafts.push_back(Attendance("att-" + n, pupil));
      drafts.push_back(Attendance("att-" + n, pupil, 2, i % 5 == 0));
      drafts.push_back(Enrolment("enr-" + n, pupil, 1, kMonday - 100 + i % 7));
      drafts.push_back(Consultation("con-" + n, pupil, {codes::v1::CONSULTATION_REASON_BEHAVIOUR}, 1 + i % 2));
      drafts.push_back(Consultation("con-" + n, pupil, {codes::v1::CONSULTATION_REASON_VIOLENCE}, 2, i % 3 == 0));
    }
    for (events::Draft& draft : drafts) draft.topic = topic_;
    ASSERT_TRUE(producer_->Publish(drafts));
    published_ += static_cast<int>(drafts.size());
  }
  std::string Consumed() { return Sql(*city_, "SELECT coalesce(sum(next_offset), 0) FROM consumer_offset"); }
  void WaitConsumed() {
    ASSERT_TRUE(testing::WaitFor([&] { return Consumed() == std::to_string(published_); }, std::chrono::seconds(40)));
  }

  Rebuild NewRebuild() {
    return Rebuild(city_->database->options(), *book_, [this]() -> core::Result<std::unique_ptr<events::Subscription>> {
      TILTS_ASSIGN(auto consumer,
                   kafka::Consumer::Create(servers().Kafka(space()), {testing::UniqueName("rebuild"), {}, {topic_}}));
      return std::unique_ptr<events::Subscription>(std::move(consumer));
    });
  }
  static core::Status NoProgress(const RebuildResult&) { return {}; }

  std::string topic_;
  int published_ = 0;
  std::unique_ptr<City> city_;
  std::unique_ptr<kafka::Producer> producer_;
  std::unique_ptr<kafka::Consumer> consumer_;
  std::unique_ptr<events::ConsumerRunner> runner_;
};

TEST_F(RebuildTest, VerifyIsEqualWhileLiveAndNamesWhatWasEdited) {
  Publish(0, 120);
  WaitConsumed();
  // More comes while the log is read: the snapshot stays what it was.
  bool more = false;
  const auto equal = NewRebuild().Verify([&](const RebuildResult& result) -> core::Status {
    if (!more && result.records_read > 0) {
      Publish(120, 160);
      WaitConsumed();
    }
    more |= result.records_read > 0;
    return {};
  });
  ASSERT_TRUE(equal.has_value()) << equal.error().message << equal.error().reason;
  EXPECT_TRUE(more);
  EXPECT_EQ(equal->comparison.differences, 0U);
  EXPECT_EQ(equal->comparison.live_digest, equal->comparison.rebuilt_digest);
  EXPECT_EQ(equal->records_read, 600U);
  EXPECT_GT(equal->comparison.compared, 240U);
  WaitConsumed();
  Sql(*city_,
      "UPDATE indicator_value SET numerator = numerator + 1 WHERE indicator_id = 'learners' AND institution_id = "
      "'school-1'");
  Sql(*city_, "DELETE FROM attendance_row WHERE record_id = convert_to('att-7...........', 'UTF8')");
  const auto edited = NewRebuild().Verify(NoProgress);
  ASSERT_TRUE(edited.has_value()) << edited.error().message;
  ASSERT_EQ(edited->comparison.differences, 2U);
  EXPECT_EQ(edited->comparison.found[0].object_id, "indicator/learners/2025/26/LV-RIX/school-1/");
  EXPECT_EQ(edited->comparison.found[0].what, "differs");
  EXPECT_EQ(edited->comparison.found[1].what, "missing");
  EXPECT_NE(edited->comparison.live_digest, edited->comparison.rebuilt_digest);
  EXPECT_EQ(
      Sql(*city_, "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'rebuilt_%' AND schemaname = current_schema()"),
      "0");
}

TEST_F(RebuildTest, ApplyReplacesTheTablesAndTheConsumerGoesOn) {
  Publish(0, 60);
  WaitConsumed();
  const std::string before = Digest(*city_);
  Sql(*city_, "UPDATE indicator_value SET numerator = 999");
  Sql(*city_, "DELETE FROM membership WHERE subject_id = 'pupil-3'");
  bool more = false;
  const auto applied = NewRebuild().Apply([&](const RebuildResult& result) -> core::Status {
    if (!more && result.records_read > 0) {
      Publish(60, 90);
      WaitConsumed();
    }
    more |= result.records_read > 0;
    return {};
  });
  ASSERT_TRUE(applied.has_value()) << applied.error().message << applied.error().reason;
  EXPECT_GT(applied->comparison.differences, 0U);
  Publish(90, 100);
  WaitConsumed();
  EXPECT_NE(Digest(*city_), before);
  EXPECT_EQ(Stored(*city_), Recounted(*city_));
  const auto verified = NewRebuild().Verify(NoProgress);
  ASSERT_TRUE(verified.has_value());
  EXPECT_EQ(verified->comparison.differences, 0U);
  EXPECT_EQ(verified->comparison.live_digest, verified->comparison.rebuilt_digest);
  EXPECT_EQ(Sql(*city_, "SELECT count(*) FROM fact_row"), "200");
  EXPECT_EQ(Sql(*city_, "SELECT count(*) FROM attendance_row"), "100");
}

TEST_F(RebuildTest, OneAtATimeAndTheSameRequestOnce) {
  Publish(0, 20);
  WaitConsumed();
  RebuildMethods methods(*city_->database, NewRebuild(), postgres::Idempotency("secret"));
  const auto call = CallBy("tilts-operator", auth::Principal::Kind::kOperator);
  operations::v1::StartRebuildRequest request;
  request.set_request_id("verify-1");
  request.set_mode(operations::v1::REBUILD_MODE_VERIFY);
  const auto started = methods.Start(call, request);
  ASSERT_TRUE(started.has_value()) << started.error().message;
  EXPECT_EQ(methods.Start(call, request)->rebuild_id(), started->rebuild_id());
  request.set_request_id("verify-2");
  const auto refused = methods.Start(call, request);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().reason, "REBUILD_RUNNING");
  operations::v1::GetRebuildRequest asked;
  asked.set_rebuild_id(started->rebuild_id());
  const auto answer = AtItsEnd(methods, asked);
  ASSERT_TRUE(answer && answer->done()) << "the wait ended before the rebuild";
  EXPECT_EQ(answer->failure(), "");
  EXPECT_EQ(answer->records_read(), 100U);
  EXPECT_EQ(answer->difference_count(), 0U);
  EXPECT_EQ(answer->live_digest(), answer->rebuilt_digest());
}

}  // namespace
}  // namespace tilts::indicator_aggregation
