#include "audit_chain/verifier.hpp"

#include "chain_fixture.hpp"

namespace tilts::audit_chain {
namespace {

using Kind = Finding::Kind;

class VerifierTest : public ChainTest {};

TEST_F(VerifierTest, FindsNothingWhenChainIsHonest) {
  EXPECT_EQ(Verify(10), std::nullopt);
  EXPECT_EQ(verified_, 10u);
}

TEST_F(VerifierTest, FindsNothingWhenChainIsEmpty) {
  entries_.clear();
  checkpoints_.clear();
  EXPECT_EQ(Verify(), std::nullopt);
}

TEST_F(VerifierTest, NamesTheRecordForEveryFlippedByte) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    for (const auto member : {&Entry::record, &Entry::hash, &Entry::previous_hash}) {
      const Entry honest = entries_[i];
      for (const std::size_t at : {std::size_t{0}, (honest.*member).size() - 1}) {
        (entries_[i].*member)[at] = static_cast<char>((entries_[i].*member)[at] ^ 1);
        EXPECT_EQ(Verify(10), Found(Kind::kChanged, i + 1, i + 1));
        entries_[i] = honest;
      }
    }
  }
}

TEST_F(VerifierTest, NamesTheGapForEveryDroppedRecord) {
  const std::vector<Entry> honest = entries_;
  for (std::size_t i = 0; i + 1 < honest.size(); ++i) {
    entries_ = honest;
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(Verify(10), Found(Kind::kDropped, i + 1, i + 1));
  }
}

TEST_F(VerifierTest, NamesTheRangeWhenSeveralAreDropped) {
  entries_.erase(entries_.begin() + 2, entries_.begin() + 5);
  EXPECT_EQ(Verify(), Found(Kind::kDropped, 3, 5));
}

TEST_F(VerifierTest, NamesTheDroppedRecordWhenTheRestIsRenumbered) {
  entries_.erase(entries_.begin() + 2);
  for (std::size_t i = 2; i < entries_.size(); ++i) entries_[i].sequence = i + 1;
  EXPECT_EQ(Verify(), Found(Kind::kDropped, 3, 3));
}

TEST_F(VerifierTest, NamesBothWhenTwoRowsChangeTheirNumbers) {
  std::swap(entries_[2], entries_[6]);
  std::swap(entries_[2].sequence, entries_[6].sequence);
  EXPECT_EQ(Verify(), Found(Kind::kSwapped, 3, 7));
}

TEST_F(VerifierTest, NamesBothWhenTwoNeighboursChangeTheirNumbers) {
  std::swap(entries_[4], entries_[5]);
  std::swap(entries_[4].sequence, entries_[5].sequence);
  EXPECT_EQ(Verify(), Found(Kind::kSwapped, 5, 6));
}

TEST_F(VerifierTest, NamesBothWhenOnlyTheRecordsAreSwapped) {
  std::swap(entries_[0].record, entries_[9].record);
  EXPECT_EQ(Verify(), Found(Kind::kSwapped, 1, 10));
}

TEST_F(VerifierTest, NamesWhatIsGoneWhenTheEndIsCutOffBeforeTheLastCheckpoint) {
  entries_.resize(6);
  EXPECT_EQ(Verify(6), Found(Kind::kTruncated, 7, 8));
}

TEST_F(VerifierTest, NamesWhatIsGoneWhenTheStoreStillKnowsItsHead) {
  entries_.resize(9);
  EXPECT_EQ(Verify(10), Found(Kind::kTruncated, 10, 10));
}

TEST_F(VerifierTest, NamesWhatIsGoneWhenTheWholeChainIs) {
  entries_.clear();
  EXPECT_EQ(Verify(), Found(Kind::kTruncated, 1, 8));
}

TEST_F(VerifierTest, NamesTheStretchWhenTheChainIsHashedAnew) {
  entries_[5].record = "another";
  RehashFrom(6);
  EXPECT_EQ(Verify(10), Found(Kind::kRewritten, 5, 8));
}

TEST_F(VerifierTest, FindsWhenARecordIsDroppedAndTheChainHashedAnew) {
  entries_.erase(entries_.begin());
  RehashFrom(1);
  EXPECT_EQ(Verify(), Found(Kind::kRewritten, 1, 4));
}

TEST_F(VerifierTest, RefusesACheckpointOfAnotherKey) {
  entries_[5].record = "another";
  RehashFrom(6);
  checkpoints_[1] = Sign(entries_[7], crypto::SigningKey::Random());
  EXPECT_EQ(Verify(), Found(Kind::kForgedCheckpoint, 8, 8));
}

TEST_F(VerifierTest, RefusesAnEntryOfAnotherChain) {
  entries_[3].chain_id = "case-intake.pmp";
  EXPECT_EQ(Verify(), Found(Kind::kChanged, 4, 4));
}

TEST_F(VerifierTest, SaysWhatItFoundInWords) {
  EXPECT_EQ(Describe(Found(Kind::kChanged, 7, 7)), "chain case-intake.protection: record 7 was changed");
  EXPECT_EQ(Describe(Found(Kind::kDropped, 3, 5)), "chain case-intake.protection: records 3 to 5 were dropped");
  EXPECT_EQ(Describe(Found(Kind::kSwapped, 3, 7)), "chain case-intake.protection: records 3 and 7 were swapped");
  EXPECT_EQ(Describe(Found(Kind::kTruncated, 9, 9)), "chain case-intake.protection: cut off: record 9 is gone");
}

}  // namespace
}  // namespace tilts::audit_chain
