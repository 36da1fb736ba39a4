#include <gmock/gmock.h>

#include "audit_fixture.hpp"

namespace tilts::audit {
namespace {

using audit_chain::Finding;
using Kind = audit_chain::Finding::Kind;

// Whoever owns the database changes it by SQL; the verifier has the witness and the public key.
class TamperingTest : public AuditTest {
 protected:
  void SetUp() override {
    AuditTest::SetUp();
    if (HasFatalFailure()) return;
    Fill(12);
    ASSERT_TRUE(NewCheckpointer()->SignHeads(1));
    ASSERT_EQ(Verify(), std::nullopt);
  }

  static Finding Found(Kind kind, std::uint64_t first, std::uint64_t last) { return {kind, kChain, first, last}; }
};

TEST_F(TamperingTest, FindsAFlippedByte) {
  Tamper("UPDATE entry SET record = set_byte(record, 20, get_byte(record, 20) # 1) WHERE sequence = 7");
  EXPECT_EQ(Verify(), Found(Kind::kChanged, 7, 7));
}

TEST_F(TamperingTest, FindsADroppedRecord) {
  Tamper("DELETE FROM entry WHERE sequence = 5");
  EXPECT_EQ(Verify(), Found(Kind::kDropped, 5, 5));
}

TEST_F(TamperingTest, FindsADroppedRecordWhoseGapWasClosed) {
  Tamper("DELETE FROM entry WHERE sequence = 5");
  Tamper("UPDATE entry SET sequence = sequence + 1000 WHERE sequence > 5");
  Tamper("UPDATE entry SET sequence = sequence - 1001 WHERE sequence > 1000");
  EXPECT_EQ(Verify(), Found(Kind::kDropped, 5, 5));
}

TEST_F(TamperingTest, FindsTwoSwappedRecords) {
  Tamper(
      "UPDATE entry e SET record = o.record FROM entry o "
      "WHERE (e.sequence, o.sequence) IN ((3, 9), (9, 3)) AND e.chain_id = o.chain_id");
  EXPECT_EQ(Verify(), Found(Kind::kSwapped, 3, 9));
}

TEST_F(TamperingTest, FindsACutEndAlsoWhenHeadAndCheckpointsGoWithIt) {
  Tamper("DELETE FROM checkpoint");
  Tamper("DELETE FROM entry WHERE sequence > 9");
  Tamper(
      "UPDATE chain SET head_sequence = 9, head_hash = (SELECT hash FROM entry WHERE sequence = 9), "
      "checkpoint_sequence = 9");
  EXPECT_EQ(Verify(), Found(Kind::kTruncated, 10, 12));
}

TEST_F(TamperingTest, FindsAChainThatWasHashedAnew) {
  auto entries = Entries();
  entries[6].record = "another";
  for (std::size_t i = 6; i < entries.size(); ++i) {
    entries[i].previous_hash = entries[i - 1].hash;
    entries[i].hash = audit_chain::EntryHash(entries[i].previous_hash, entries[i].sequence, entries[i].record);
    ASSERT_TRUE(database_->Query("UPDATE entry SET previous_hash = $2, hash = $3, record = $4 WHERE sequence = $1",
                                 {entries[i].sequence, postgres::Bytes{entries[i].previous_hash},
                                  postgres::Bytes{entries[i].hash}, postgres::Bytes{entries[i].record}}));
  }
  EXPECT_EQ(Verify(), Found(Kind::kRewritten, 1, 12));
}

}  // namespace
}  // namespace tilts::audit
