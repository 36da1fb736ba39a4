#include <map>
#include <thread>

#include "postgres/outbox_relay.hpp"
#include "sample.hpp"

namespace tilts::postgres {
namespace {

using std::chrono::milliseconds;

// Publishes, and then something happens before the rows are deleted.
class Interrupted : public events::Publisher {
 public:
  Interrupted(events::Publisher& inner, std::function<core::Status()> after)
      : inner_(inner), after_(std::move(after)) {}
  core::Status Publish(std::span<const events::OutgoingRecord> records) override {
    TILTS_CHECK(inner_.Publish(records));
    return after_();
  }

 private:
  events::Publisher& inner_;
  std::function<core::Status()> after_;
};

class OutboxTest : public testing::ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    if (HasFatalFailure()) return;
    options_ = FreshSchema();
    database_ = std::make_unique<Database>(options_);
    bus_.CreateTopic("tilts.cases.pmp.v1", 3);
    publisher_ = bus_.MakePublisher();
  }
  void Emit(const events::Draft& draft) {
    const auto status = database_->Transact([&](UnitOfWork& unit) { return unit.Emit(draft); });
    ASSERT_TRUE(status.has_value()) << status.error().message;
  }
  std::uint64_t Rows() { return OutboxRelay::Status(*database_)->rows; }
  std::vector<std::string> Published() {
    std::vector<std::string> ids;
    for (const auto& record : bus_.Contents("tilts.cases.pmp.v1")) {
      ids.push_back(events::Header(record.headers.at(1)).value);  // ce_id
    }
    return ids;
  }

  DatabaseOptions options_;
  std::unique_ptr<Database> database_;
  events::InMemoryBus bus_;
  std::unique_ptr<events::Publisher> publisher_;
};

TEST_F(OutboxTest, PublishesWhatWasCommittedAndNothingElse) {
  Emit(CaseEvent("case", 1));
  static_cast<void>(database_->Transact([&](UnitOfWork& unit) -> core::Status {
    TILTS_CHECK(unit.Emit(CaseEvent("case", 2)));
    return core::Fail(core::Errc::kRefused, "no");
  }));
  OutboxRelay relay(*database_, *publisher_);
  EXPECT_EQ(**relay.RelayOnce(), 1u);
  EXPECT_EQ(Published(), std::vector<std::string>{"case/1"});
  EXPECT_EQ(Rows(), 0u);
  const auto record = bus_.Contents("tilts.cases.pmp.v1").front();
  EXPECT_EQ(record.key, "case");
  EXPECT_EQ(record.value, CaseEvent("case", 1).value);
  EXPECT_EQ(record.headers, CaseEvent("case", 1).headers);
}

TEST_F(OutboxTest, ALocalCommitWakesTheRelay) {
  RelayOptions options;
  options.busy_poll = options.idle_poll = std::chrono::minutes(1);
  OutboxRelay relay(*database_, *publisher_, options);
  relay.Start();
  Emit(CaseEvent("case", 1));
  EXPECT_TRUE(testing::WaitFor([&] { return Published().size() == 1; }, milliseconds(5'000)));
  relay.Stop();
}

TEST_F(OutboxTest, RowsOfAnInstanceThatDiedAreFound) {
  Emit(CaseEvent("case", 1));
  OutboxRelay relay(*database_, *publisher_);
  relay.Start();
  EXPECT_TRUE(testing::WaitFor([&] { return Published().size() == 1; }, milliseconds(5'000)));
}

TEST_F(OutboxTest, ARelayKilledBetweenPublishAndDeletePublishesTheSameIdsAgain) {
  for (std::uint64_t i = 1; i <= 5; ++i) Emit(CaseEvent("case", i));
  // The server ends the relay's connection, as it does when the process dies.
  Interrupted killed(*publisher_, [&]() -> core::Status {
    static_cast<void>(
        database_->Query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                         "application_name = $1 AND pid <> pg_backend_pid()",
                         {options_.application_name}));
    return {};
  });
  OutboxRelay dying(*database_, killed);
  EXPECT_FALSE(dying.RelayOnce().has_value());
  EXPECT_EQ(Rows(), 5u) << "nothing is lost";
  OutboxRelay next(*database_, *publisher_);
  EXPECT_EQ(**next.RelayOnce(), 5u);
  const std::vector<std::string> once = {"case/1", "case/2", "case/3", "case/4", "case/5"};
  std::vector<std::string> twice = once;
  twice.insert(twice.end(), once.begin(), once.end());
  EXPECT_EQ(Published(), twice);
  EXPECT_EQ(Rows(), 0u);
}

TEST_F(OutboxTest, AFrozenRelayLosesTheLockToAnotherInstance) {
  Emit(CaseEvent("case", 1));
  OutboxRelay other(*database_, *publisher_);
  RelayOptions options;
  options.frozen_after = milliseconds(300);
  Interrupted frozen(*publisher_, [&]() -> core::Status {
    EXPECT_EQ(*other.RelayOnce(), std::nullopt) << "one batch at a time per service";
    EXPECT_TRUE(testing::WaitFor(
        [&] {
          const auto relayed = other.RelayOnce();
          return relayed && *relayed && **relayed == 1;
        },
        milliseconds(5'000)));
    return {};
  });
  OutboxRelay thawed(*database_, frozen, options);
  EXPECT_FALSE(thawed.RelayOnce().has_value());
  EXPECT_EQ(Rows(), 0u);
  EXPECT_EQ(Published().size(), 2u) << "the same id twice; the consumer's sequence check absorbs it";
}

TEST_F(OutboxTest, WaitsForABrokerThatIsDown) {
  Emit(CaseEvent("case", 1));
  bus_.SetDown(true);
  RelayOptions options;
  options.busy_poll = milliseconds(5);
  options.longest_wait = milliseconds(20);
  OutboxRelay relay(*database_, *publisher_, options);
  EXPECT_FALSE(relay.RelayOnce().has_value());
  relay.Start();
  EXPECT_EQ(Rows(), 1u);
  bus_.SetDown(false);
  EXPECT_TRUE(testing::WaitFor([&] { return Rows() == 0; }, milliseconds(5'000)));
  EXPECT_EQ(Published().size(), 1u);
}

TEST_F(OutboxTest, OrderPerAggregateIsTheOrderOfCommits) {
  ASSERT_TRUE(database_->Query("CREATE TABLE aggregate (id text PRIMARY KEY, sequence bigint NOT NULL)"));
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(database_->Query("INSERT INTO aggregate VALUES ($1, 0)", {"case" + std::to_string(i)}));
  }
  OutboxRelay relay(*database_, *publisher_);
  relay.Start();
  const auto write = [&](int worker) {
    for (int i = 0; i < 40; ++i) {
      const std::string id = "case" + std::to_string((worker + i) % 4);
      const auto status = database_->Transact([&](UnitOfWork& unit) -> core::Status {
        TILTS_ASSIGN(const class Rows rows,
                     unit.Exec("UPDATE aggregate SET sequence = sequence + 1 WHERE id = $1 RETURNING sequence", {id}));
        return unit.Emit(CaseEvent(id, static_cast<std::uint64_t>(rows.front().Int(0))));
      });
      EXPECT_TRUE(status.has_value());
    }
  };
  std::vector<std::thread> workers;
  for (int worker = 0; worker < 4; ++worker) workers.emplace_back(write, worker);
  for (auto& worker : workers) worker.join();
  ASSERT_TRUE(testing::WaitFor([&] { return Published().size() == 160; }, milliseconds(10'000)));
  relay.Stop();
  std::map<std::string, int> last;
  for (const std::string& id : Published()) {
    const std::string aggregate = id.substr(0, id.find('/'));
    EXPECT_EQ(std::stoi(id.substr(id.find('/') + 1)), ++last[aggregate]) << id;
  }
}

TEST_F(OutboxTest, ABroadcastReachesEveryPartition) {
  cases::v1::ReportAttached event;
  event.set_case_id("calendar");
  events::Meta meta;
  meta.id = "broadcast";
  meta.source = "/registry";
  meta.subject = "calendar";
  meta.purpose = codes::v1::PURPOSE_PMP;
  meta.occurred_at = meta.recorded_at = At("2026-03-02T08:30:00Z");
  auto drafts = *events::MakeBroadcast(event, meta, "tilts.cases.pmp.v1");
  drafts.resize(3);
  ASSERT_TRUE(database_->Transact([&](UnitOfWork& unit) { return unit.Emit(drafts); }).has_value());
  OutboxRelay relay(*database_, *publisher_);
  EXPECT_EQ(**relay.RelayOnce(), 3u);
  std::set<std::int32_t> partitions;
  for (const auto& record : bus_.Contents("tilts.cases.pmp.v1")) partitions.insert(record.at.partition);
  EXPECT_EQ(partitions, (std::set<std::int32_t>{0, 1, 2}));
}

TEST_F(OutboxTest, ARowThatNoBrokerTakesNeverEnters) {
  events::Draft draft = CaseEvent("case", 1);
  draft.value.assign(events::kMaxRecordBytes + 1, 'x');
  const auto status = database_->Transact([&](UnitOfWork& unit) { return unit.Emit(draft); });
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().reason, "RECORD_TOO_LARGE");
}

}  // namespace
}  // namespace tilts::postgres
