#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>

#include "audit_fixture.hpp"
#include "testing/wait_for.hpp"

namespace tilts::audit {
namespace {

using ::testing::SizeIs;

class CheckpointerTest : public AuditTest {};

TEST_F(CheckpointerTest, SignsEveryChainThatGrewOnceInWitnessAndDatabase) {
  Fill(3);
  Fill(2, "registry.registry");
  const auto checkpointer = NewCheckpointer();
  EXPECT_EQ(checkpointer->SignHeads(1).value(), 2u);
  EXPECT_EQ(checkpointer->SignHeads(1).value(), 0u);
  EXPECT_EQ(Witnessed(), store_->Checkpoints("").value());
  ASSERT_THAT(Witnessed(), SizeIs(2));
  EXPECT_EQ(Witnessed()[0].sequence, 3u);
  EXPECT_TRUE(audit_chain::IsSignedBy(Witnessed()[0], key_.public_key()));
}

TEST_F(CheckpointerTest, WaitsForEnoughRecordsBetweenRounds) {
  Fill(3);
  const auto checkpointer = NewCheckpointer();
  EXPECT_EQ(checkpointer->SignHeads(4).value(), 0u);
  EXPECT_EQ(checkpointer->SignHeads(3).value(), 1u);
}

TEST_F(CheckpointerTest, LeavesSigningToTheInstanceThatIsAtIt) {
  Fill(1);
  const auto checkpointer = NewCheckpointer();
  const auto other = database_->Transact([&](postgres::UnitOfWork& unit) -> core::Status {
    TILTS_ASSIGN(const bool mine, unit.TryLock("audit", "checkpoints"));
    EXPECT_TRUE(mine);
    EXPECT_EQ(checkpointer->SignHeads(1).value(), 0u);
    return {};
  });
  EXPECT_TRUE(other.has_value());
}

TEST_F(CheckpointerTest, SignsByItselfWithinTheInterval) {
  const auto checkpointer = NewCheckpointer({256, std::chrono::milliseconds(50)});
  checkpointer->Start();
  Fill(2);
  EXPECT_TRUE(testing::WaitFor([&] { return !Witnessed().empty() && Witnessed().back().sequence == 2; },
                               std::chrono::seconds(10)));
  checkpointer->Stop();
}

TEST_F(CheckpointerTest, SignsWhatIsLeftWhenStopped) {
  const auto checkpointer = NewCheckpointer();
  checkpointer->Start();
  Fill(4);
  checkpointer->Stop();
  ASSERT_THAT(Witnessed(), SizeIs(1));
  EXPECT_EQ(Witnessed()[0].sequence, 4u);
}

TEST_F(CheckpointerTest, CutsOffAHalfWrittenLineWhenOpenedAgain) {
  Fill(1);
  ASSERT_TRUE(NewCheckpointer()->SignHeads(1));
  const std::string line = audit_chain::WitnessLine(Witnessed()[0]);
  std::ofstream(witness_path_, std::ios::app) << line.substr(0, 30);
  Fill(1, "registry.registry");
  ASSERT_TRUE(NewCheckpointer()->SignHeads(1));
  EXPECT_THAT(Witnessed(), SizeIs(2));
}

// The disk is full: no file may grow.
class FullDisk {
 public:
  FullDisk() {
    getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{0, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST_F(CheckpointerTest, SignsNothingIntoTheDatabaseThatTheWitnessDoesNotHave) {
  Fill(1);
  const auto checkpointer = NewCheckpointer();
  {
    const FullDisk full;
    EXPECT_EQ(checkpointer->SignHeads(1).error().reason, "WITNESS");
  }
  EXPECT_TRUE(store_->Checkpoints("").value().empty());
  EXPECT_EQ(checkpointer->SignHeads(1).value(), 1u);
}

}  // namespace
}  // namespace tilts::audit
