#include "postgres/sql_batch_processor.hpp"
#include "sample.hpp"

namespace tilts::postgres {
namespace {

constexpr char kTopic[] = "tilts.cases.pmp.v1";

// Handlers that collect names and write them in one statement.
class GatheringTest : public testing::ServerTest {
 protected:
  class Names final : public Gathering {
   public:
    explicit Names(int& statements) : statements_(statements) {}
    core::Status Write(UnitOfWork& unit) override {
      ++statements_;
      TILTS_CHECK(unit.Exec("INSERT INTO seen SELECT * FROM unnest($1::text[])", {names}));
      return {};
    }
    std::vector<std::string> names;

   private:
    int& statements_;
  };

  void SetUp() override {
    ServerTest::SetUp();
    if (HasFatalFailure()) return;
    database_ = std::make_unique<Database>(FreshSchema());
    ASSERT_TRUE(database_->Query("CREATE TABLE seen (name text PRIMARY KEY CHECK (name <> 'b/1'))"));
    handlers_.On<cases::v1::ReportAttached>(
        [this](UnitOfWork& unit, const events::v1::Envelope& envelope, const cases::v1::ReportAttached&) {
          Collect(unit, envelope.id());
          if (envelope.id() == refused_) return core::Status(core::Fail(core::Errc::kInvalid, "no", "BAD_EVENT"));
          return core::Status();
        });
    processor_ = std::make_unique<SqlBatchProcessor>(*database_, handlers_, clock_, SqlBatchOptions{"router", {}, {}});
  }

  void Collect(UnitOfWork& unit, const std::string& name) {
    auto& names = unit.Gathered(this, [this] { return std::make_unique<Names>(statements_); });
    static_cast<Names&>(names).names.push_back(name);
  }
  core::Status Process(const std::vector<events::Draft>& drafts) {
    std::vector<events::Record> records;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      records.push_back(AsRecord(drafts[i], static_cast<std::int64_t>(i)));
    }
    return processor_->Process({kTopic, 0}, std::nullopt, records);
  }
  std::int64_t Count(const std::string& what) { return CountOf(*database_, "SELECT count(*) FROM " + what); }

  std::unique_ptr<Database> database_;
  FixedClock clock_;
  SqlBatchProcessor::Handlers handlers_;
  std::unique_ptr<SqlBatchProcessor> processor_;
  std::string refused_;
  int statements_ = 0;
};

TEST_F(GatheringTest, BatchIsWrittenOnce) {
  ASSERT_TRUE(Process({CaseEvent("a", 1), CaseEvent("c", 1), CaseEvent("d", 1)}));
  EXPECT_EQ(statements_, 1);
  EXPECT_EQ(Count("seen"), 3);
}

TEST_F(GatheringTest, RecordThatCannotBeWrittenCostsTheOthersNothing) {
  ASSERT_TRUE(Process({CaseEvent("a", 1), CaseEvent("b", 1), CaseEvent("c", 1)}));
  EXPECT_EQ(Count("seen WHERE name IN ('a/1', 'c/1')"), 2);
  EXPECT_EQ(Count("dead_letter WHERE event_id = 'b/1'"), 1);
  EXPECT_EQ(Count("dead_letter"), 1);
}

TEST_F(GatheringTest, RefusedRecordLeavesNothingItGathered) {
  refused_ = "a/1";
  ASSERT_TRUE(Process({CaseEvent("a", 1), CaseEvent("c", 1)}));
  EXPECT_EQ(Count("seen"), 1);
  EXPECT_EQ(Count("dead_letter WHERE event_id = 'a/1'"), 1);
}

TEST_F(GatheringTest, AnAttemptThatFailsTakesItsOwnWithIt) {
  ASSERT_TRUE(database_->Transact([&](UnitOfWork& unit) -> core::Status {
    Collect(unit, "kept");
    const auto failed = unit.Attempt([&]() -> core::Status {
      Collect(unit, "dropped");
      return core::Fail(core::Errc::kInvalid, "no");
    });
    EXPECT_FALSE(failed.has_value());
    return {};
  }));
  EXPECT_EQ(Count("seen WHERE name = 'kept'"), 1);
  EXPECT_EQ(Count("seen"), 1);
}

}  // namespace
}  // namespace tilts::postgres
