#include "postgres/idempotency.hpp"

#include <thread>

#include "sample.hpp"

namespace tilts::postgres {
namespace {

class IdempotencyTest : public testing::ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    if (HasFatalFailure()) return;
    database_ = std::make_unique<Database>(FreshSchema());
    ASSERT_TRUE(database_->Query("CREATE TABLE effect (id bigserial)"));
  }

  // A command as services write it.
  core::Result<std::string> Command(const std::string& institution, const std::string& key, const std::string& body,
                                    const std::function<core::Status()>& work = {}) {
    return database_->Transact([&](UnitOfWork& unit) -> core::Result<std::string> {
      TILTS_ASSIGN(auto seen, idempotency_.Begin(unit, institution, key, body));
      if (seen) return *seen;
      TILTS_ASSIGN(const Rows rows, unit.Exec("INSERT INTO effect DEFAULT VALUES RETURNING id"));
      if (work) TILTS_CHECK(work());
      const std::string response = "response-" + rows.front().Text(0);
      TILTS_CHECK(idempotency_.Complete(unit, institution, key, body, response, now_));
      return response;
    });
  }
  std::int64_t Effects() { return CountOf(*database_, "SELECT count(*) FROM effect"); }

  const Idempotency idempotency_{"a secret of 32 bytes or more ...."};
  core::CityTime now_ = At("2026-03-02T08:30:00Z");
  std::unique_ptr<Database> database_;
};

TEST_F(IdempotencyTest, TheSameRequestAgainGetsTheSameAnswerAndNoSecondEffect) {
  const auto first = Command("school", "key", "body");
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(*Command("school", "key", "body"), *first);
  EXPECT_EQ(Effects(), 1);
}

TEST_F(IdempotencyTest, AnotherBodyIsRefused) {
  ASSERT_TRUE(Command("school", "key", "body").has_value());
  const auto other = Command("school", "key", "another body");
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, core::Errc::kAlreadyExists);
  EXPECT_EQ(other.error().reason, "IDEMPOTENCY_BODY");
  EXPECT_EQ(Effects(), 1);
}

TEST_F(IdempotencyTest, InFlightIsSaidSoAndDoesNotWait) {
  const auto outer = Command("school", "key", "body", [&]() -> core::Status {
    const auto inner = Command("school", "key", "body");
    EXPECT_EQ(inner.error().code, core::Errc::kConflict);
    EXPECT_EQ(inner.error().reason, "IDEMPOTENCY_IN_FLIGHT");
    return {};
  });
  EXPECT_TRUE(outer.has_value());
  EXPECT_EQ(Effects(), 1);
}

TEST_F(IdempotencyTest, AFailedCommandIsNotRemembered) {
  const auto failed =
      Command("school", "key", "body", [&]() -> core::Status { return core::Fail(core::Errc::kUnavailable, "down"); });
  ASSERT_FALSE(failed.has_value());
  EXPECT_TRUE(Command("school", "key", "body").has_value());
  EXPECT_EQ(Effects(), 1);
}

TEST_F(IdempotencyTest, InstitutionsDoNotShareKeys) {
  ASSERT_TRUE(Command("school", "key", "body").has_value());
  ASSERT_TRUE(Command("police", "key", "another body").has_value());
  EXPECT_EQ(Effects(), 2);
}

TEST_F(IdempotencyTest, ManyAtOnceHaveOneEffect) {
  std::vector<std::thread> callers;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 6; ++i) {
    callers.emplace_back([&] {
      const auto answer = Command("school", "key", "body");
      if (answer) {
        EXPECT_EQ(answer->substr(0, 9), "response-");
        ++answered;
      } else {
        EXPECT_EQ(answer.error().reason, "IDEMPOTENCY_IN_FLIGHT");
      }
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_GE(answered, 1);
  EXPECT_EQ(Effects(), 1);
}

TEST_F(IdempotencyTest, AMessagesFingerprintIsItsContent) {
  cases::v1::ReportAttached request;
  request.set_case_id("case");
  const auto begin = [&](const google::protobuf::Message& message) {
    return database_->Transact([&](UnitOfWork& unit) -> core::Result<std::string> {
      TILTS_ASSIGN(auto seen, idempotency_.Begin(unit, "school", "key", message));
      if (seen) return *seen;
      TILTS_CHECK(idempotency_.Complete(unit, "school", "key", message, "done", now_));
      return std::string("fresh");
    });
  };
  EXPECT_EQ(*begin(request), "fresh");
  EXPECT_EQ(*begin(request), "done");
  request.set_report_id("other");
  EXPECT_EQ(begin(request).error().reason, "IDEMPOTENCY_BODY");
}

TEST_F(IdempotencyTest, IsKeptThirtyDaysOfCityTime) {
  ASSERT_TRUE(Command("school", "key", "body").has_value());
  const auto purge = [&](core::CityTime now) {
    return *database_->Transact([&](UnitOfWork& unit) { return Idempotency::Purge(unit, now); });
  };
  EXPECT_EQ(purge(now_ + std::chrono::days(29)), 0u);
  EXPECT_EQ(purge(now_ + std::chrono::days(31)), 1u);
}

TEST_F(IdempotencyTest, RefusesKeysItCannotKeep) {
  EXPECT_EQ(Command("school", "", "body").error().reason, "IDEMPOTENCY_KEY");
  EXPECT_EQ(Command("school", std::string(201, 'k'), "body").error().reason, "IDEMPOTENCY_KEY");
}

}  // namespace
}  // namespace tilts::postgres
