#include "postgres/database.hpp"

#include <future>
#include <thread>

#include "sample.hpp"
#include "testing/tcp_gate.hpp"

namespace tilts::postgres {
namespace {

using std::chrono::milliseconds;

class DatabaseTest : public testing::ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    if (HasFatalFailure()) return;
    options_ = FreshSchema();
    database_ = std::make_unique<Database>(options_);
    ASSERT_TRUE(database_->Query("CREATE TABLE item (id text PRIMARY KEY, amount bigint CHECK (amount >= 0))"));
  }
  core::Status Insert(UnitOfWork& unit, const std::string& id, std::int64_t amount) {
    TILTS_CHECK(unit.Exec("INSERT INTO item VALUES ($1, $2)", {id, amount}));
    return {};
  }
  std::int64_t Items() { return CountOf(*database_, "SELECT count(*) FROM item"); }

  DatabaseOptions options_;
  std::unique_ptr<Database> database_;
};

TEST_F(DatabaseTest, ValuesSurviveBothWays) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const auto rows = database_->Query(
      "SELECT $1::text, $2::bigint, $3::bool, $4::bytea, $5::timestamptz, $6::text[], $7::text, $8::double precision",
      {"a'b\"c\\ ā", std::int64_t{-7}, true, Bytes{bytes}, At("2026-03-29T01:30:00.123456Z"),
       std::vector<std::string>{"x,y", "{z}", ""}, nullptr, 0.1});
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  const Row row = rows->front();
  EXPECT_EQ(row.Text(0), "a'b\"c\\ ā");
  EXPECT_EQ(row.Int(1), -7);
  EXPECT_TRUE(row.Bool(2));
  EXPECT_EQ(row.BytesOf(3), bytes);
  EXPECT_EQ(row.Time(4), At("2026-03-29T01:30:00.123456Z"));
  EXPECT_EQ(row.Texts(5), (std::vector<std::string>{"x,y", "{z}", ""}));
  EXPECT_EQ(row.OptionalText(6), std::nullopt);
  EXPECT_EQ(row.Double(7), 0.1);
}

TEST_F(DatabaseTest, RefusesTextWithAZeroByteInsteadOfCuttingIt) {
  const auto rows = database_->Query("SELECT $1::text", {std::string("a\0b", 3)});
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().reason, "TEXT_ZERO_BYTE");
}

TEST_F(DatabaseTest, AnErrorRollsEverythingBack) {
  const auto status = database_->Transact([&](UnitOfWork& unit) -> core::Status {
    TILTS_CHECK(Insert(unit, "a", 1));
    return core::Fail(core::Errc::kRefused, "no", "NO");
  });
  EXPECT_EQ(status.error().reason, "NO");
  EXPECT_EQ(Items(), 0);
}

TEST_F(DatabaseTest, AnErrorTheWorkOverlooksRollsBackToo) {
  const auto status = database_->Transact([&](UnitOfWork& unit) -> core::Status {
    TILTS_CHECK(Insert(unit, "a", 1));
    static_cast<void>(Insert(unit, "a", 2));
    return {};
  });
  ASSERT_FALSE(status.has_value()) << "COMMIT of a broken transaction must not look like success";
  EXPECT_EQ(status.error().code, core::Errc::kAlreadyExists);
  EXPECT_EQ(status.error().reason, "item_pkey");
  EXPECT_EQ(Items(), 0);
}

TEST_F(DatabaseTest, AnExceptionBecomesAnErrorAndRollsBack) {
  const auto status = database_->Transact([&](UnitOfWork& unit) -> core::Status {
    TILTS_CHECK(Insert(unit, "a", 1));
    TILTS_ASSIGN(const Rows rows, unit.Exec("SELECT NULL::text"));
    static_cast<void>(rows.front().Text(0));
    return {};
  });
  EXPECT_EQ(status.error().code, core::Errc::kInternal);
  EXPECT_EQ(Items(), 0);
}

TEST_F(DatabaseTest, AnAttemptUndoesOnlyItself) {
  const auto status = database_->Transact([&](UnitOfWork& unit) -> core::Status {
    TILTS_CHECK(Insert(unit, "a", 1));
    const auto attempt = unit.Attempt([&]() -> core::Status {
      TILTS_CHECK(Insert(unit, "b", 1));
      TILTS_CHECK(unit.Emit(CaseEvent("case", 1)));
      return Insert(unit, "a", 1);
    });
    EXPECT_EQ(attempt.error().code, core::Errc::kAlreadyExists);
    return Insert(unit, "c", 1);
  });
  ASSERT_TRUE(status.has_value()) << status.error().message;
  EXPECT_EQ(CountOf(*database_, "SELECT count(*) FROM item WHERE id IN ('a', 'c')"), 2);
  EXPECT_EQ(Items(), 2);
  EXPECT_EQ(CountOf(*database_, "SELECT count(*) FROM outbox"), 0) << "what an attempt emitted goes with it";
}

TEST_F(DatabaseTest, ErrorsNameConstraintsAndHoldNoValues) {
  const auto status = database_->Transact([&](UnitOfWork& unit) { return Insert(unit, "secret-name", -5); });
  EXPECT_EQ(status.error().code, core::Errc::kInvalid);
  EXPECT_EQ(status.error().reason, "item_amount_check");
  EXPECT_EQ(status.error().message.find("secret"), std::string::npos);
}

TEST_F(DatabaseTest, ALostRaceIsRunAgain) {
  ASSERT_TRUE(database_->Query("INSERT INTO item VALUES ('a', 0)"));
  const auto increment = [&] {
    TransactOptions repeatable;
    repeatable.isolation = Isolation::kRepeatableRead;
    for (int i = 0; i < 10; ++i) {
      const auto status = database_->Transact(
          [&](UnitOfWork& unit) -> core::Status {
            TILTS_ASSIGN(const Rows rows, unit.Exec("SELECT amount FROM item WHERE id = 'a'"));
            TILTS_CHECK(unit.Exec("UPDATE item SET amount = $1 WHERE id = 'a'", {rows.front().Int(0) + 1}));
            return {};
          },
          repeatable);
      EXPECT_TRUE(status.has_value()) << status.error().message;
    }
  };
  std::thread other(increment);
  increment();
  other.join();
  EXPECT_EQ(CountOf(*database_, "SELECT amount FROM item WHERE id = 'a'"), 20);
}

TEST_F(DatabaseTest, ADeadlocksVictimIsRunAgain) {
  ASSERT_TRUE(database_->Query("INSERT INTO item VALUES ('a', 0), ('b', 0)"));
  const auto both = [&](const char* first, const char* second) {
    for (int i = 0; i < 10; ++i) {
      const auto status = database_->Transact([&](UnitOfWork& unit) -> core::Status {
        TILTS_CHECK(unit.Exec("UPDATE item SET amount = amount + 1 WHERE id = $1", {first}));
        TILTS_CHECK(unit.Exec("UPDATE item SET amount = amount + 1 WHERE id = $1", {second}));
        return {};
      });
      EXPECT_TRUE(status.has_value()) << status.error().reason;
    }
  };
  std::thread other([&] { both("b", "a"); });
  both("a", "b");
  other.join();
  EXPECT_EQ(CountOf(*database_, "SELECT sum(amount) FROM item"), 40);
}

TEST_F(DatabaseTest, AFullPoolAnswersOverloaded) {
  options_.connections = 1;
  options_.pool_wait = milliseconds(50);
  Database small(options_);
  const auto status = small.Transact([&](UnitOfWork&) -> core::Status {
    const auto second = small.Query("SELECT 1");
    EXPECT_EQ(second.error().code, core::Errc::kOverloaded);
    return {};
  });
  EXPECT_TRUE(status.has_value());
}

TEST_F(DatabaseTest, ASlowStatementEndsInTime) {
  options_.statement_limit = milliseconds(100);
  Database impatient(options_);
  const auto rows = impatient.Query("SELECT pg_sleep(10)");
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().code, core::Errc::kTimeout);
  EXPECT_TRUE(impatient.Query("SELECT 1").has_value());
}

TEST_F(DatabaseTest, RecoversFromARestartedServer) {
  testing::TcpGate gate(options_.host, options_.port);
  options_.port = gate.port();
  Database gated(options_);
  ASSERT_TRUE(gated.Ping().has_value());
  gate.Cut();
  EXPECT_TRUE(testing::WaitFor(
      [&] { return gated.Transact([&](UnitOfWork& unit) { return Insert(unit, "a", 1); }).has_value(); },
      milliseconds(3'000)));
  gate.Refuse(true);
  EXPECT_TRUE(testing::WaitFor([&] { return !gated.Ping().has_value(); }, milliseconds(3'000)));
  EXPECT_EQ(gated.Ping().error().code, core::Errc::kUnavailable);
  gate.Refuse(false);
  EXPECT_TRUE(testing::WaitFor([&] { return gated.Ping().has_value(); }, milliseconds(3'000)));
}

TEST_F(DatabaseTest, AnUnknownOutcomeIsSaidSo) {
  testing::TcpGate gate(options_.host, options_.port);
  options_.port = gate.port();
  Database gated(options_);
  const auto status = gated.Transact([&](UnitOfWork& unit) -> core::Status {
    TILTS_CHECK(Insert(unit, "a", 1));
    gate.HoldAnswers(true);  // COMMIT arrives, its answer does not
    std::thread([&] {
      EXPECT_TRUE(testing::WaitFor([&] { return Items() == 1; }, milliseconds(3'000)));
      gate.Cut();
      gate.HoldAnswers(false);
    }).detach();
    return {};
  });
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, core::Errc::kUnavailable);
  EXPECT_EQ(status.error().reason, "COMMIT_UNKNOWN");
  EXPECT_EQ(Items(), 1) << "it was committed, and the caller is told that it may have been";
}

TEST_F(DatabaseTest, AServerThatDoesNotAnswerIsGivenUp) {
  testing::TcpGate gate(options_.host, options_.port);
  options_.port = gate.port();
  options_.statement_limit = milliseconds(200);
  Database gated(options_);
  ASSERT_TRUE(gated.Ping().has_value());
  gate.Hold(true);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(gated.Query("SELECT 1").error().code, core::Errc::kUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(6));
  gate.Hold(false);
  EXPECT_TRUE(testing::WaitFor([&] { return gated.Ping().has_value(); }, milliseconds(3'000)));
}

TEST_F(DatabaseTest, ATransactionThatFreezesLosesItsLocks) {
  TransactOptions short_idle;
  short_idle.idle_in_transaction_limit = milliseconds(200);
  const auto status = database_->Transact(
      [&](UnitOfWork& unit) -> core::Status {
        TILTS_CHECK(unit.Lock("kind", "key"));
        EXPECT_TRUE(testing::WaitFor(
            [&] {
              const auto other = database_->Transact([](UnitOfWork& second) { return second.TryLock("kind", "key"); });
              return other.has_value() && *other;
            },
            milliseconds(3'000)));
        return Insert(unit, "a", 1);
      },
      short_idle);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, core::Errc::kUnavailable);
  EXPECT_EQ(Items(), 0);
}

}  // namespace
}  // namespace tilts::postgres
