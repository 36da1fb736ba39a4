#include "audit_chain/checkpoint.hpp"

#include "chain_fixture.hpp"

namespace tilts::audit_chain {
namespace {

class CheckpointTest : public ChainTest {};

TEST_F(CheckpointTest, ComesBackFromTheWitnessWhole) {
  const std::string text = WitnessLine(checkpoints_[0]) + WitnessLine(checkpoints_[1]);
  const auto read = ParseWitness(text);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, checkpoints_);
  EXPECT_TRUE(IsSignedBy(read->at(0), key_.public_key()));
}

TEST_F(CheckpointTest, LeavesOutALineThatWasBeingWritten) {
  const std::string text = WitnessLine(checkpoints_[0]) + WitnessLine(checkpoints_[1]).substr(0, 40);
  EXPECT_EQ(ParseWitness(text).value().size(), 1u);
}

TEST_F(CheckpointTest, NamesTheLineThatIsNoCheckpoint) {
  const auto read = ParseWitness(WitnessLine(checkpoints_[0]) + "v1 x y z\n");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, core::Errc::kCorrupt);
  EXPECT_NE(read.error().message.find("line 2"), std::string::npos);
}

TEST_F(CheckpointTest, IsNotSignedWhenAnyPartDiffers) {
  const auto differs = [&](auto change) {
    Checkpoint checkpoint = checkpoints_[0];
    change(checkpoint);
    return !IsSignedBy(checkpoint, key_.public_key());
  };
  EXPECT_TRUE(differs([](Checkpoint& c) { c.chain_id = "other"; }));
  EXPECT_TRUE(differs([](Checkpoint& c) { ++c.sequence; }));
  EXPECT_TRUE(differs([](Checkpoint& c) { c.hash[0] = static_cast<char>(c.hash[0] ^ 1); }));
  EXPECT_TRUE(differs([](Checkpoint& c) { c.at += std::chrono::seconds(1); }));
  EXPECT_TRUE(differs([](Checkpoint& c) { c.key_id = "0000000000000000"; }));
  EXPECT_TRUE(differs([](Checkpoint& c) { c.signature[0] = static_cast<char>(c.signature[0] ^ 1); }));
}

TEST(EntryTest, HashesByTheWrittenRule) {
  // printf '%064d%016x%s' 0 1 616263 | xxd -r -p | sha256sum
  static constexpr char kExpected[] = "328976acf07e9b1c4a8967f2d63902c9a724235b6363ac83087246ad84cd222a";
  std::string hex;
  for (const char byte : EntryHash(FirstPreviousHash(), 1, "abc")) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex.push_back(kDigits[static_cast<unsigned char>(byte) >> 4]);
    hex.push_back(kDigits[static_cast<unsigned char>(byte) & 15]);
  }
  EXPECT_EQ(hex, kExpected);
}

TEST(EntryTest, KnowsChainIds) {
  EXPECT_TRUE(IsChainId("case-intake.protection"));
  EXPECT_FALSE(IsChainId(""));
  EXPECT_FALSE(IsChainId("has space"));
  EXPECT_FALSE(IsChainId(std::string(101, 'a')));
}

}  // namespace
}  // namespace tilts::audit_chain
